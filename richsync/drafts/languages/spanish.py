"""Spanish."""

WORDS = """
small: de, del, el, la, los, las, y
order: pedido, pedidos, orden, compra, venta
item: publicación, artículo, artículos, producto, productos, línea
customer: cliente, comprador, clienta
billing: facturación, factura
shipping: envío, entrega, destinatario, enviar a
payment: pago
id: id, identificador
number: número, num, no, n, nro, referencia, ref
name: nombre, nombre completo, nombre y apellidos
first: nombre de pila, primer nombre
last: apellido, apellidos
email: email, e mail, mail, correo, correo electrónico, dirección de correo, correo e
phone: teléfono, móvil, celular, tel, número de teléfono
street: dirección de la calle, dirección, calle, domicilio, línea de dirección
city: ciudad, población, localidad, municipio
region: región
state: provincia, comunidad, departamento
country: país
postcode: código postal, cp, c p
date: fecha, hora, día
created: creado, creada, creación, realizado, fecha de creación
updated: modificado, actualizado, actualización, modificación
paid: pagado, pagada
shipped: enviado, enviada, entregado
status: estado, estatus, situación
method: método, forma, modo, tipo, medio
total: total, importe total, precio total, monto total, total general, total del pedido, valor total
subtotal: subtotal, base imponible
amount: importe, monto, valor, cantidad total
postage: gastos de envío, portes
cost: gastos, coste, costo, costes, costos
gross: iva incluido, con iva, bruto
net: sin iva, neto
tax: iva, impuesto, impuestos
discount: dto, descuento, rebaja, descuentos
tip: propina
price: precio
unit price: p unitario, pvp
unit: unitario, unidad, por unidad, ud
quantity: cantidad, unidades, uds, cant
currency: moneda, divisa
coupon: cupón, código de descuento, código promocional, cupones, vale
sku: código de producto, código de artículo, referencia de producto, referencia producto, código producto, código artículo
variant: variante, variación
tracking: seguimiento, número de seguimiento, código de seguimiento, guía, número de guía
carrier: transportista, mensajería, paquetería
url: enlace
image: imagen, foto
description: descripción
title: título
"""
