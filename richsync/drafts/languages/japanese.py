"""Japanese; words run together, and a header is cut into those that stand here."""

WORDS = """
small: の, ご, お
order: 注文, 受注, オーダー, 購入, ご注文
item: 商品, 製品, アイテム, 品, 明細, 注文商品
customer: 顧客, お客様, 購入者, 注文者, 会員, ご注文者
billing: 請求, 請求先, 請求書
shipping: 配送, 発送, 送付先, 配送先, お届け, お届け先, 送り先, 届け先, 出荷
payment: 支払, 支払い, お支払い, 決済, お支払
id: ID, 識別子
number: 番号, No, ナンバー
code: コード
name: 名, 氏名, 名前, お名前, 名称, 様
first: 名前名, 名のみ, 下の名前
last: 姓, 苗字, 氏
email: メール, メールアドレス, Eメール, eメールアドレス, 電子メール
phone: 電話, 電話番号, tel, 携帯電話, 携帯番号
street: 住所, 番地, 町名, 住所番地
city: 市区町村, 市, 市町村, 市区
state: 都道府県, 県, 府県
country: 国, 国名, 国コード
postcode: 郵便番号, 〒
date: 日, 日時, 日付, 時間, 時刻, 年月日
created: 作成, 登録, 作成日, 登録日
updated: 更新, 変更, 更新日
paid: 入金
shipped: 発送済, 出荷済
status: 状態, ステータス, 状況
method: 方法, 種別, 種類, 手段
total: 合計, 合計金額, 総額, 総計, 総合計, 合計額, 請求金額, お支払い金額, 支払金額, 税込合計
subtotal: 小計, 商品合計, 商品合計金額
amount: 金額, 額
postage: 送料, 配送料, 送料合計
cost: 料, 料金, 手数料
gross: 税込, 税込み
net: 税抜, 税抜き, 税別
tax: 税, 消費税, 税額, 消費税額
discount: 割引, 値引, 値引き, 割引額, 値引額, クーポン値引
tip: チップ
price: 価格, 値段, 販売価格
unit price: 単価, 販売単価
unit: 単位
quantity: 数量, 個数, 点数, 数
currency: 通貨, 通貨コード
coupon: クーポン, クーポンコード, プロモーションコード
sku: 商品コード, 商品番号, 品番, 型番, 商品管理番号, 商品SKU, SKUコード
variant: バリエーション, 選択肢
tracking: 追跡, 追跡番号, 伝票番号, お問い合わせ番号, 送り状番号, 配送伝票番号
carrier: 配送業者, 配送会社, 運送会社, 運送業者
url: リンク
image: 画像
description: 説明
title: タイトル, 品名
"""
