"""German."""

WORDS = """
small: der, die, das, dem, den, des, zum, zur, und, pro
order: bestellung, bestellungen, bestell, auftrag, auftrags, verkauf, kauf
item: artikel, produkt, position, positionen, produkte, ware, art, positions, pos
customer: kunde, kunden, käufer, besteller, endkunde
billing: rechnung, rechnungs, rechnungsadresse, rechnungsanschrift
shipping: versand, liefer, lieferung, lieferadresse, lieferanschrift, empfänger, versandadresse, empfang
payment: zahlung, zahlungs, bezahlung, zahl
fulfillment: sendung, sendungs
id: id, kennung
number: nummer, nr, no, referenz
name: name, vollständiger name
first: vorname
last: nachname, familienname
email: email, e mail, mail, mailadresse, e mail adresse
phone: telefon, telefonnummer, tel, handy, mobil, mobilnummer, rufnummer, handynummer
street: straße, strasse, adresse, anschrift, str, straße und hausnummer, straße hausnummer, straße nr
city: stadt, ort, wohnort
region: region
state: bundesland, kanton
country: land, lkz, länderkennzeichen, ländercode, landescode
postcode: plz, postleitzahl
date: datum, zeit, zeitpunkt, uhrzeit, am, tag
created: erstellt, bestellzeit, bestellt am, angelegt, eingang, eingegangen, erstellungsdatum, erstellt am, erfasst
updated: geändert, aktualisiert, letzte änderung, änderungsdatum
paid: bezahlt, gezahlt
shipped: versendet, versandt, geliefert
status: status, zustand
method: art, weise, methode, typ, dienst
total: gesamt, gesamtbetrag, gesamtsumme, summe, endbetrag, gesamtpreis, total, rechnungsbetrag, bruttobetrag, endsumme, auftragswert, bestellwert, gesamtwert
subtotal: zwischensumme, warenwert, nettosumme, nettobetrag
amount: betrag, wert
postage: porto, versandkosten, lieferkosten
cost: kosten, gebühr, gebühren
gross: brutto, inkl mwst, inklusive mwst, inkl steuer
net: netto, exkl mwst, ohne mwst, zzgl mwst
tax: steuer, mwst, ust, mehrwertsteuer, umsatzsteuer, mwst betrag, steuerbetrag
discount: rabatt, nachlass, ermäßigung
tip: trinkgeld
price: preis, vk, verkaufspreis, vk preis
unit: einzel, stück, einheit, je stück, pro stück
quantity: menge, anzahl, stückzahl, bestellmenge
currency: währung, währungscode
coupon: gutschein, gutscheincode, rabattcode, aktionscode, gutscheine
sku: artikelnummer, artikelnr, artikel nr, art nr, bestellartikelnummer, produktnummer, artikelcode, artikel nummer
variant: variante, ausführung
tracking: sendungsnummer, trackingnummer, paketnummer, sendungsverfolgung, versandnummer
carrier: versanddienstleister, paketdienst, zusteller, spediteur
image: bild
description: beschreibung
title: titel, bezeichnung, artikelbezeichnung, produktbezeichnung
"""
