"""Dutch."""

WORDS = """
small: van, de, het, een, en, te
order: bestelling, bestellingen, bestel, order, aankoop, verkoop
item: artikel, artikelen, product, producten, regel, orderregel
customer: klant, klanten, koper, afnemer
billing: factuur, facturatie, factuuradres
shipping: verzend, verzending, bezorg, levering, lever, aflever, bezorging, afleveradres, ontvanger, verzendadres
payment: betaling, betaal, betalings
id: id, kenmerk
number: nummer, nr, no, referentie
name: naam, volledige naam
first: voornaam
last: achternaam, familienaam
email: email, e mail, mail, mailadres, e mailadres, emailadres, e mail adres
phone: telefoon, telefoonnummer, tel, mobiel, mobiele nummer, gsm
street: straat, adres, straatnaam, straat en huisnummer
city: plaats, stad, woonplaats, gemeente
region: regio
state: provincie
country: land, landcode
postcode: postcode
date: datum, tijd, tijdstip, dag, op
created: aangemaakt, geplaatst, aangemaakt op, besteld
updated: gewijzigd, bijgewerkt, laatst gewijzigd
paid: betaald
shipped: verzonden, geleverd
status: status
method: methode, wijze, type, soort
total: totaal, totaalbedrag, totale prijs, eindtotaal, totaalprijs, orderbedrag, bestelbedrag, totaal incl btw
subtotal: subtotaal, totaal excl btw
amount: bedrag, waarde
postage: verzendkosten, porto, bezorgkosten
cost: kosten
gross: incl btw, inclusief btw, bruto
net: excl btw, exclusief btw, netto
tax: btw, belasting, btw bedrag
discount: korting
tip: fooi
price: prijs
unit price: stuksprijs
unit: stuk, stuks, per stuk, eenheid, eenheids
quantity: aantal, hoeveelheid
currency: valuta, munteenheid, muntsoort
coupon: kortingscode, coupon, cadeaubon, waardebon
sku: artikelnummer, artikelcode, productcode, productnummer, artikel nr
variant: variant, uitvoering
tracking: track en trace, trackingcode, trackingnummer, zendingsnummer, track trace
carrier: vervoerder, verzender, bezorger
url: link
image: afbeelding, foto
description: omschrijving, beschrijving
title: titel, productomschrijving, artikelomschrijving
"""
