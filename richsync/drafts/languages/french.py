"""French."""

WORDS = """
small: de, du, des, la, le, les, l, d, et
order: commande, commandes, achat, vente
item: article, articles, produit, produits, ligne, ligne de commande
customer: client, acheteur, cliente
billing: facturation, facture
shipping: livraison, expédition, destinataire, envoi
payment: paiement, règlement
id: id, identifiant
number: numéro, num, no, n, référence, réf
name: nom, nom complet, nom et prénom, prénom et nom
first: prénom
last: nom de famille
email: email, e mail, mail, courriel, adresse e mail, adresse mail, adresse email, adresse électronique
phone: téléphone, tél, portable, mobile, numéro de téléphone
street: adresse, rue, voie, ligne d adresse
city: ville, commune
region: région
state: département, province
country: pays
postcode: code postal, cp
date: date, heure, jour, le
created: créé, créée, création, passée, date de création, créé le
updated: modifié, modifiée, mise à jour, modification
paid: payé, payée
shipped: expédié, expédiée, livré, livrée
status: statut, état
method: mode, moyen, méthode, type
total: total, montant total, total ttc, montant ttc, prix total, total général, montant de la commande
subtotal: sous total, total ht, montant ht
amount: montant, valeur
postage: frais de port, frais de livraison, frais d expédition, port
cost: frais, coût
gross: ttc, tva incluse
net: ht, hors taxe, hors taxes
tax: tva, taxe, taxes, montant tva
discount: remise, réduction, rabais
tip: pourboire
price: prix
unit price: pu, p u, prix u
unit: unitaire, unité, à l unité
quantity: quantité, qté, nombre, nb, nbre
currency: devise, monnaie
coupon: code promo, coupon, bon de réduction, code de réduction, codes promo, code s promo
sku: référence produit, référence article, code article, code produit, réf produit, réf article, ugs
variant: variante, déclinaison
tracking: suivi, numéro de suivi, code de suivi
carrier: transporteur
url: lien
image: image, photo
description: description
pieces: articles vendus, nombre d articles, nombre articles
title: titre, désignation, libellé
"""
