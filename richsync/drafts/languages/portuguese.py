"""Portuguese."""

WORDS = """
small: de, do, da, dos, das, e, o, a, os, as
order: pedido, pedidos, encomenda, compra, venda
item: item, itens, produto, produtos, artigo, artigos
customer: cliente, comprador, consumidor
billing: cobrança, faturamento, fatura, faturação
shipping: entrega, envio, destinatário
payment: pagamento
id: id, identificador
number: número, num, no, n, nº, ref, referência
name: nome, nome completo
first: primeiro nome, nome próprio
last: sobrenome, apelido, último nome
email: email, e mail, mail, correio eletrónico, endereço de e mail
phone: telefone, telemóvel, celular, tel, fone
street: endereço, rua, morada, logradouro
city: cidade, localidade, município
state: estado, uf, distrito, província
country: país
postcode: cep, código postal, código de endereçamento
date: data, hora, dia
created: criado, criada, criação, realizado, data de criação
updated: atualizado, modificado, atualização, alterado
paid: pago, paga
shipped: enviado, enviada, entregue
status: status, estado, situação, estado do pedido
method: método, forma, meio, tipo, modo
login: nome de usuário, nome usuário, usuário, nome de utilizador
total: total, total global, valor total, montante total, preço total, total geral, total do pedido
subtotal: subtotal, total dos produtos
amount: valor, montante, quantia
postage: taxa de envio, taxa entrega, frete, taxa de entrega, valor do frete, portes
cost: custo, custos
gross: com iva, bruto, iva incluído
net: sem iva, líquido
tax: imposto, impostos, iva, icms
discount: desconto, descontos
tip: gorjeta
unit price: preço acordado, preço negociado, valor unitário
price: preço
unit: unitário, unidade, por unidade
quantity: quantidade, qtd, qtde, quant, qde
currency: moeda
coupon: cupom, cupão, código promocional, código de desconto, cupons
sku: código do produto, código produto, código do artigo, referência do produto
variant: variante, variação
tracking: rastreio, rastreamento, código de rastreio, código de rastreamento, número de rastreio
carrier: transportadora
url: link
image: imagem, foto
description: descrição
title: título
"""
