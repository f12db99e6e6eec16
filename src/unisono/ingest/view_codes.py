"""Standard codes of echocardiographic views and stages: the only codes that pass.

A code of a scheme of somebody's own may hold anything; these are words of a public dictionary, each in its
SNOMED CT form and the older SNOMED RT form that most scanners still write.

Source: DICOM PS3.16, CID 12226 (Echocardiography Image View), CID 12002 (Ultrasound Protocol Stage Types).
"""

VIEWS = frozenset({
    "SCT:398998003", "SCT:399036006", "SCT:399106004", "SCT:399139001", "SCT:399145009", "SCT:399195005",
    "SCT:399200001", "SCT:399214001", "SCT:399232001", "SCT:399239005", "SCT:399271003", "SCT:399306005",
    "SCT:399310008", "SCT:399339008", "SCT:399371001", "SCT:443082005", "SCT:443083000", "SCT:443100003",
    "SCT:443160001", "SCT:443162009", "SCT:443163004", "SCT:443499004", "SCT:443500008", "SCT:443562002",
    "SCT:443609003", "SCT:443640005", "SCT:443698002", "DCM:130681", "DCM:130682",
    "SRT:G-0395", "SRT:G-0396", "SRT:G-0397", "SRT:G-0398", "SRT:G-0399", "SRT:G-039A", "SRT:G-039B",
    "SRT:G-039C", "SRT:G-039D", "SRT:G-039E", "SRT:G-039F", "SRT:G-03A0", "SRT:G-03A1", "SRT:G-0577",
    "SRT:G-0578", "SRT:G-0579", "SRT:G-057B", "SRT:G-057C", "SRT:G-057D", "SRT:G-057E", "SRT:G-A19B",
    "SRT:G-A19C", "SRT:R-40AFF", "SRT:R-40B00", "SRT:R-40B01", "SRT:R-40B0A", "SRT:R-40B0E",
})  # fmt: skip
STAGES = frozenset({
    "SCT:128965002", "SCT:128975004", "SCT:18590009", "SCT:261039008", "SCT:303110006", "SCT:307153007",
    "SCT:307154001", "SCT:432554001", "SCT:432655005", "SCT:434161005", "SCT:68978004",
    "SRT:F-01604", "SRT:F-05018", "SRT:F-05019", "SRT:F-05028", "SRT:F-25040", "SRT:P2-35000",
    "SRT:P2-71306", "SRT:R-40928", "SRT:R-40FB9", "SRT:R-40FBA", "SRT:R-422A4",
})  # fmt: skip
SCHEMES = {"SNM3": "SRT", "99SDM": "SRT", "SRT": "SRT", "SCT": "SCT", "DCM": "DCM"}
"""How scanners have written the names of the schemes."""


def standard_code(scheme: object, value: object, legal: frozenset[str]) -> str | None:
    """Return ``SCHEME:VALUE`` when it is one of the standard's, else None.

    Parameters
    ----------
    scheme, value : object
        Coding Scheme Designator and Code Value as they came.
    legal : frozenset of str
        `VIEWS` or `STAGES`.

    Examples
    --------
    >>> standard_code("SNM3", "G-A19C ", VIEWS)
    'SRT:G-A19C'
    """
    code = f"{SCHEMES.get(str(scheme).strip().upper(), '')}:{str(value).strip().upper()}"
    return code if code in legal else None
