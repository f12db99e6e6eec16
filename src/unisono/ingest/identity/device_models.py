"""Models of ultrasound scanners: the only ones that pass. A word or number typed there is none of them.

Every family stands under its makers, with what may follow its name in full: the maker's own numbers and
words, each that there is and no range of them, so that a part number, a year or a number with zeros before it
is no model. Of a known family with another number the family alone is kept; any other model is left out
rather than trusted. To have a model kept, add it here. `header.py` reads this table alone.
"""

import re

MAKERS: dict[tuple[str, ...], dict[str, str]] = {
    ("GE", "Vingmed"): {
        "Vivid": r"[3457iq]|iq|E[789]|E80|E9[05]|S[567]|S60N?|S70N?|T[89]|FiVe|Ultra Edition|Pioneer",
        "LOGIQ": r"[3579]|100|180|200|400|500|700|[eif]|E[69]|E10s?|E20|F[68]|P[3-9]|P10|S[78]|S20|V[1-5]"
        r"|E9 XDclear|S8 XDclear|Book|Totus|Fortis",
        "Voluson": r"[eiPS]|730|E[68]|E10|P[68]|S[68]|S10|Expert 22|Signature 1[8-9]|SWIFT|Expert|Pro",
        "System": r"FiVe|Five",
        "Venue": r"40|50|Go|Fit|R[1-4]",
        "Vscan": r"Air|Air CL|Air SL|Extend",
        "EchoPAC": r"PC|BT1[1-3]",
    },
    ("Philips", "ATL", "Hewlett", "Agilent"): {
        "EPIQ": r"[57]|[57][CGW]|7T|CVx|CVxi|CVx 3D|Elite",
        "Affiniti": r"30|50|70|50G|70G|70C|70W|50C|50W|CVx",
        "iE33": r"xMATRIX",
        "iU22": r"xMATRIX",
        "CX": r"30|50|50 CompactXtreme",
        "HD": r"[36789]|7 XE|11|11 XE|15|15 PureWave",
        "HDI": r"1000|1500|3000|3500|4000|5000|5000 SonoCT",
        "SONOS": r"1000|1500|2000|2500|4500|5500|7500",
        "EnVisor": r"C|C HD|M2540A",
        "ClearVue": r"350|550|580|650|850",
        "Compact": r"5000|5300|5500",
        "Lumify": r"", "Sparq": r"", "InnoSight": r"",
    },
    ("Siemens", "Acuson"): {
        "ACUSON": r"Sequoia|SC2000|S[123]000|X150|X[357]00|P[1357]00|P10|NX[23]|CV70|Cypress|Antares|Juniper"
        r"|Redwood|Freestyle|Aspen|128XP|Maple|Origin|Sequoia 512|Sequoia C512|Sequoia C256",
        "Sequoia": r"256|512|C256|C512|Select",
        "SC2000": r"Prime",
        "S1000": r"", "S2000": r"", "S3000": r"", "X150": r"", "X300": r"PE", "X500": r"", "X700": r"",
        "Cypress": r"", "Antares": r"", "CV70": r"", "Omnia": r"", "Aspen": r"", "128XP": r"10",
        "Sonoline": r"Antares|G[2456]0S?|Elegra|Omnia",
    },
    ("Toshiba", "Canon"): {
        "Aplio": r"[3-5]00|50|80|XG|XV|MX|a|i[6789]00|a450|a550|a Verifia|flex|go|me|air",
        "Artida": r"", "Viamo": r"c100|sv7", "Xario": r"100|100G|200|200G|XG",
        "Nemio": r"10|20|30|XG|MX", "PowerVision": r"[678]000",
        "TUS": r"A300|A400|A500|A550|AI[6789]00|X100|X200",
        "SSA": r"220A|240A|250A|260A|270A|320A|325A|340A|350A|370A|380A|390A|510A|530A|550A|580A|590A|640A"
        r"|660A|680A|700A|770A|780A|790A",
    },
    ("Hitachi", "Aloka", "Fujifilm"): {
        "ProSound": r"F37|F75|alpha ?[5-7]|alpha ?10|SSD-?(?:3500|4000|5000|5500)",
        "SSD": r"500|620|630|650|680|720|725|730|750|830|870|900|1000|1100|1200|1400|1700|2000|2200|3500"
        r"|4000|5000|5500|ALPHA ?[57]|ALPHA ?10",
        "HI VISION": r"Avius|Ascendus|Preirus|900|5500|6500|8500",
        "EUB": r"200|240|310|315|340|405|410|415|420|425|450|515|525|555|565|2000|5000|5500|6000|6500|7000"
        r"|7500|8000|8500",
        "LISENDO": r"880|800",
        "ARIETTA": r"[6-8]0|65|[678]50|750|850 SE|Precision|Prologue", "Noblus": r"",
    },
    ("Samsung", "Medison"): {
        "Accuvix": r"A30|V10|V20|XG|XQ",
        "SonoAce": r"600|1500|3200|4800|5500|6000|8000|8800|9900|8000 SE|8000 EX|8000 Live|PICO|R[357]"
        r"|X[4-8]",
        "EKO": r"7", "UGEO": r"H60|HM70A|WS80A|PT60A", "RS": r"80A?|85", "HS": r"[3-7]0A?|50", "HM": r"70A",
        "WS": r"80A",
    },
    ("Mindray", "Zonare"): {
        "DC": r"[36789]|30|35|40|60|70|80|8 EXP|N[236]|T6", "M": r"[5-9]|9CV", "TE": r"[57]|[79] Max",
        "DP": r"[3-9]|10|15|20|30|50|1100|2200|3300|6600|6900|7700|8500|8800|9900",
        "Resona": r"[3679I]|R9|7OB", "Z.One": r"Ultra|PRO", "ZS": r"3", "Z": r"5|6",
    },
    ("Esaote",): {
        "MyLab": r"[5-9]|15|20|25|30|30CV|40|50|60|70|70 XVG|90|Alpha|Class ?C|Eight|Gamma|Omega|One|Seven"
        r"|Six|Sigma|Twice|X[5-9]|X75|X90|Touch|Desk|Five|A[57]0|C25|C30",
    },
    ("SonoSite", "Fujifilm"): {
        "Turbo": r"", "M-Turbo": r"", "S-Nerve": r"", "MicroMaxx": r"", "TITAN": r"", "iViz": r"",
        "SonoSite": r"PX|LX|SII|ST|MT|180|180 ?PLUS",
        "Edge": r"II", "X-Porte": r"", "NanoMaxx": r"", "180PLUS": r"",
    },
    ("Terason",): {
        "uSmart": r"3200|3200T|3300|3400",
        "Terason": r"t?[23]000|t3200|t3300|uSmart ?(?:3200|3200T|3300|3400)",
    },
    ("Butterfly",): {"Butterfly": r"iQ|iQ\+|iQ3"},
    ("Clarius",): {"Clarius": r"PA HD|PA HD3|C3 HD3?|L7 HD3?|L15 HD3?|EC7 HD3?|C7 HD3?|PAL HD3"},
    ("EchoNous", "Kosmos"): {"Kosmos": r"Torso|Torso-One|Lexsa"},
    ("Alpinion",): {"E-CUBE": r"[5-9]|1[12579]|i7|15 EX|8 LE"},
    ("SonoScape",): {
        "SonoScape": r"S[2689]|S11|S12|S15|S20|S22|S30|S35|S40|S50|S60|S2N|S8EXP|P9|P10|P12|P15|P20|P25|P40"
        r"|P50|P60|X[1357]|E[1235]|A[5-8]|SSI ?(?:1000|2000|3000|4000|5000|5500|6000|8000)",
    },
    ("VINNO",): {"VINNO": r"[5-9]|E10|E20|E30|E35|G50|G55|G60|G65|G80|G86|M50|M80|M86|Q[579]|X[12]"},
    ("SuperSonic",): {"Aixplorer": r"MACH ?[234]0|Ultimate|Ultimate MultiWave"},
    ("BK Medical",): {
        "Flex Focus": r"[1-8]00", "Pro Focus": r"UltraView|2202", "bk": r"[35]000|specto|Active",
    },
    ("unisono",): {"heart": r"phantom"},
}  # fmt: skip
"""Makers, as `header.VENDORS` spells them, to their families; a family to what may follow it."""
FAMILIES = {family: after for families in MAKERS.values() for family, after in families.items()}
SHORTEST_ALONE = 3
"""Letters; a shorter family counts with its number only, as it could be anybody's initials."""
_PREFIX = (
    r"(?:GE|G\.E\.|Philips|ATL|HP|Agilent|Siemens|Toshiba|Canon|Hitachi|Aloka|Samsung|Medison|Mindray|Esaote)"
)
_NUMBER = r"[0-9]+[A-Z]?"
_FLAGS = re.IGNORECASE | re.ASCII


def _pattern(family: str, after: str) -> re.Pattern[str]:
    name = re.escape(family).replace(r"\ ", "[ -]?")
    known = f"(?P<known>[ -]?(?:{after}))" if after else "(?P<known>(?!))"
    rest = f"(?:{known}|[ -]?{_NUMBER})" + ("?" if len(family) >= SHORTEST_ALONE else "")
    return re.compile(rf"(?:{_PREFIX}[ -])?(?P<family>{name}){rest}", _FLAGS)


_PATTERNS = tuple((family, _pattern(family, after)) for family, after in FAMILIES.items())


def known_model(text: str) -> str | None:
    """Return a model in the spelling of its maker's family, or None for one that is not in the table.

    Parameters
    ----------
    text : str
        As a header has it; blanks, hyphens and capitals may differ.

    Examples
    --------
    >>> known_model("ge vivid e95"), known_model("SSD-1965"), known_model("Vivid Jane")
    ('Vivid e95', 'SSD', None)
    """
    plain = " ".join(text.split())
    found = [(family, pattern.fullmatch(plain)) for family, pattern in _PATTERNS]
    spelt = [family + match["known"] for family, match in found if match and match["known"]]
    alone = [family for family, match in found if match and len(family) >= SHORTEST_ALONE]
    return next(iter(spelt + alone), None)


def makers_of(model: str) -> frozenset[str]:
    """Return who builds a model that `known_model` gave, by the names of `header.VENDORS`."""
    return frozenset(
        maker
        for makers, families in MAKERS.items()
        for family, after in families.items()
        if _pattern(family, after).fullmatch(model)
        for maker in makers
    )
