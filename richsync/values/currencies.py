"""How many digits a currency's minor unit has. Source: ISO 4217, list one."""

_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS = "CLF UYW"
_USUAL = 2
_CODE = 3

_DIGITS = {
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
    **dict.fromkeys(_FOUR_DIGITS.split(), 4),
}


def minor_digits(currency: str) -> int | None:
    """The digits by a currency's code, in any case; None when it does not look like a code."""
    code = currency.upper()
    is_code = len(code) == _CODE and code.isascii() and code.isalpha()
    return _DIGITS.get(code, _USUAL) if is_code else None
