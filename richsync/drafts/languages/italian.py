"""Italian."""

WORDS = """
small: di, del, della, dei, il, la, lo, gli, e
order: ordine, ordini, acquisto, vendita
item: articolo, articoli, prodotto, prodotti, riga
customer: cliente, acquirente, compratore
billing: fatturare a, fatturare, fatturazione, fattura
shipping: spedire a, spedire, spedizione, consegna, destinatario
payment: pagamento
id: id, identificativo
number: numero, num, no, n, nr, riferimento, rif
name: nome e cognome, nominativo, nome completo
first: nome
last: cognome
email: email, e mail, mail, posta elettronica, indirizzo e mail, indirizzo email
phone: telefono, cellulare, tel, numero di telefono
street: indirizzo, via
city: città, comune, località
region: regione
state: provincia
country: paese, nazione, stato estero
postcode: cap, codice postale
date: data, ora, giorno
created: creato, creazione, effettuato, data di creazione
updated: modificato, aggiornato, aggiornamento, ultima modifica
paid: pagato
shipped: spedito, consegnato, evaso
status: stato, status
method: metodo, modalità, tipo, forma
total: totale, importo totale, prezzo totale, totale ordine, totale complessivo, totale generale
subtotal: subtotale, imponibile, totale parziale
amount: importo, valore, ammontare
postage: spese di spedizione
cost: costo, spese, costi
gross: iva inclusa, lordo, con iva
net: senza iva, netto, iva esclusa
tax: iva, imposta, imposte, tasse
discount: sconto, sconti
tip: mancia
price: prezzo
unit price: prezzo unit
unit: unitario, unità, cadauno, cad
quantity: q tà, quantità, qtà, pezzi, qta
currency: valuta, divisa, moneta
coupon: coupon, buono, codice sconto, buono sconto, codice promozionale
sku: codice articolo, codice prodotto, cod articolo, cod prodotto, codice art
variant: variante, variazione
tracking: tracciamento, numero di tracciamento, codice tracking, codice di tracciamento, tracking
carrier: corriere, vettore
url: link
image: immagine, foto
description: descrizione
title: titolo, denominazione
"""
