"""English."""

WORDS = """
minor: cents, cent, pence, minor
small: a, an, the, of, for, in, by, and, formatted, sums, totals, prices, pricing, amazon, ebay, etsy, shopify, money, set, node, payload
order: order, orders, purchase, sale, sales order, web order
item: item, prod, li, items, line item, line items, lineitem, lineitems, product, products, article, goods, line, order item, order line, order product
customer: customer, cust, buyer, client, contact, user, purchaser, shopper, person
billing: billing, bill, bill to, billed to, invoice, payer
shipping: shipping, ship, ship to, shipto, shipped to, delivery, deliver to, recipient, receiver, destination, consignee
payment: payment, pay, payments
fulfillment: fulfillment, fulfilment, shipment
financial: financial
id: id, ids, uuid, guid, identifier, oid, pk
number: number, no, nr, num, ref, reference
code: code, iso code, iso
name: name, full name, fullname, display name
first: first, first name, firstname, given name, forename, fname
last: last, last name, lastname, surname, family name, lname
email: email, e mail, mail, email address, e mail address, mail address
phone: phone, telephone, tel, mobile, phone number, telephone number, mobile number, contact number, cell, cellphone
street: street, address, addr, address line, street address, street name, street line, line
city: city, town, suburb, locality
region: region
state: state, province, county, zone, state code, province code, province name, state name, state province
country: country, nation, country code, country name, country iso
postcode: postcode, postal code, post code, zip, zip code, zipcode, postal, zip postal code, postal zip, zip postcode
date: date, time, datetime, date time, timestamp, on, at, day
created: created, create, creation, placed, ordered, created at, created on, date created, date added, added, submitted, created time, purchased
updated: updated, update, modified, changed, last updated, last modified, last update, date modified, date updated
paid: paid, processed, settled
shipped: shipped, dispatched, delivered, date shipped
status: status, state of order
method: method, type, mode, option, service, service level, method title, method name
total: total, grand total, amount due, amount payable, invoice total, invoice amount, total amount, total price, amount total, total value, sum, total due, total paid, total sum
subtotal: total line items price, line items total, line items price, subtotal, sub total, net total, merchandise total
amount: amount, value, amt
postage: post, postage, postage and packing, delivery fee, delivery charge, freight
cost: cost, costs, fee, fees, charge, charges, and handling, handling, price and handling
gross: gross, inc tax, incl tax, including tax, inc vat, incl vat, tax included, vat included
net: net, ex tax, excl tax, excluding tax, ex vat, excl vat
tax: tax, taxes, vat, gst, sales tax, total tax, tax total, hst
discount: discount, discounts, rebate, promotion discount, reduction
tip: tip, tips, gratuity
price: price, rate, sold for
unit price: sale price, selling price
item subtotal order: items total
unit: unit, each, single, per unit, per item
quantity: quantity, qty, count, pieces, pcs, units, ordered quantity, quantity ordered, qty ordered, quantity purchased, q ty
currency: currency, currency code, order currency, curr
coupon: coupon, voucher, promo, promo code, coupon code, voucher code, discount code, coupons, coupon codes, discount codes, promotion code, coupons used
sku: sku, stock keeping unit, item sku, product code, article number, item code, article no, part number, variant sku, custom label, product sku
variant: variant, variants, variation, variations, option, options
tracking: tracking, tracking number, tracking no, tracking code, tracking id, waybill, parcel number, awb
login: username, user name, login
carrier: carrier, courier, tracking company, shipper
url: url, link
image: image, picture, photo, image url, thumbnail
description: description, desc
title: title
key: key
utc: utc, gmt
transaction: transaction, txn
pieces: number of items, item count, items count, total items, total products, total quantity, items sold, number items
other: purchase order, po, from, refund, refunds, refunded, return, returned, cancelled, canceled, original, previous, compare, base, estimated, group, company, warehouse, seller, vendor, merchant, parent, affiliate, gift, deposit, outstanding, adjusted, converted, default, option set, store, tag, service tag
"""
