"""Standard codes of echocardiographic views and stages: the only codes that pass.

A code of a scheme of somebody's own may hold anything; these are words of a public dictionary. The older
SNOMED RT form, which most scanners still write, becomes the SNOMED CT code of the same meaning.

Source: DICOM PS3.16, CID 12226 (Echocardiography Image View), CID 12002 (Ultrasound Protocol Stage Types),
annex O (SNOMED RT to SNOMED CT).
"""

from collections.abc import Container

VIEWS = {
    "DCM:130681": "Apical four chamber RV Focused",
    "DCM:130682": "Apical four chamber RV Modified",
    "SCT:398998003": "Right Ventricular Inflow Tract View",
    "SCT:399036006": "Parasternal short axis at the Mitral Valve level",
    "SCT:399106004": "Suprasternal long axis",
    "SCT:399139001": "Parasternal long axis",
    "SCT:399145009": "Suprasternal short axis",
    "SCT:399195005": "Right Ventricular Outflow Tract View",
    "SCT:399200001": "Subcostal short axis",
    "SCT:399214001": "Apical four chamber",
    "SCT:399232001": "Apical two chamber",
    "SCT:399239005": "Parasternal short axis at the aortic valve level",
    "SCT:399271003": "Parasternal short axis at the Papillary Muscle level",
    "SCT:399306005": "Parasternal short axis",
    "SCT:399310008": "Subcostal long axis",
    "SCT:399339008": "Apical long axis",
    "SCT:399371001": "Parasternal short axis at the level of the mitral chords",
    "SCT:443082005": "Parasternal long axis view of the RV inflow tract",
    "SCT:443083000": "Parasternal long axis view of the RV outflow tract",
    "SCT:443100003": "Subcostal view of cardiac outlets directed anteriorly",
    "SCT:443160001": "Subcostal short axis view at papillary muscle level",
    "SCT:443162009": "Suprasternal coronal view",
    "SCT:443163004": "Suprasternal sagittal view",
    "SCT:443499004": "Subcostal short axis view at mitral valve level",
    "SCT:443500008": "Subcostal short axis view at venous inflow level",
    "SCT:443562002": "Suprasternal long axis view of aortic arch",
    "SCT:443609003": "Subcostal short axis view at aortic valve level",
    "SCT:443640005": "Subcostal oblique coronal view",
    "SCT:443698002": "Transesophageal short axis view",
}
"""Meaning of each view."""
STAGES = {
    "SCT:128965002": "Hand grip",
    "SCT:128975004": "Resting State",
    "SCT:18590009": "Cardiac pacing",
    "SCT:261039008": "Valsalva maneuver",
    "SCT:303110006": "After Procedure",
    "SCT:307153007": "Before Procedure",
    "SCT:307154001": "During Procedure",
    "SCT:432554001": "Cardiac stress recovery state",
    "SCT:432655005": "Cardiac Stress State",
    "SCT:434161005": "Peak cardiac stress state",
    "SCT:68978004": "Hyperventilation",
}
"""Meaning of each stage."""
OLDER = {
    "SRT:F-01604": "SCT:128975004",
    "SRT:F-05018": "SCT:432554001",
    "SRT:F-05019": "SCT:432655005",
    "SRT:F-05028": "SCT:434161005",
    "SRT:F-25040": "SCT:68978004",
    "SRT:G-0395": "SCT:399339008",
    "SRT:G-0396": "SCT:399139001",
    "SRT:G-0397": "SCT:399306005",
    "SRT:G-0398": "SCT:399239005",
    "SRT:G-0399": "SCT:399371001",
    "SRT:G-039A": "SCT:399036006",
    "SRT:G-039B": "SCT:399271003",
    "SRT:G-039C": "SCT:398998003",
    "SRT:G-039D": "SCT:399195005",
    "SRT:G-039E": "SCT:399310008",
    "SRT:G-039F": "SCT:399200001",
    "SRT:G-03A0": "SCT:399106004",
    "SRT:G-03A1": "SCT:399145009",
    "SRT:G-0577": "SCT:443082005",
    "SRT:G-0578": "SCT:443083000",
    "SRT:G-0579": "SCT:443160001",
    "SRT:G-057B": "SCT:443499004",
    "SRT:G-057C": "SCT:443500008",
    "SRT:G-057D": "SCT:443562002",
    "SRT:G-057E": "SCT:443609003",
    "SRT:G-A19B": "SCT:399232001",
    "SRT:G-A19C": "SCT:399214001",
    "SRT:P2-35000": "SCT:18590009",
    "SRT:P2-71306": "SCT:128965002",
    "SRT:R-40928": "SCT:261039008",
    "SRT:R-40AFF": "SCT:443100003",
    "SRT:R-40B00": "SCT:443162009",
    "SRT:R-40B01": "SCT:443163004",
    "SRT:R-40B0A": "SCT:443640005",
    "SRT:R-40B0E": "SCT:443698002",
    "SRT:R-40FB9": "SCT:307153007",
    "SRT:R-40FBA": "SCT:307154001",
    "SRT:R-422A4": "SCT:303110006",
}
"""SNOMED CT code of each SNOMED RT one."""
SCHEMES = {"SNM3": "SRT", "99SDM": "SRT", "SRT": "SRT", "SCT": "SCT", "DCM": "DCM"}
"""How scanners have written the names of the schemes."""


def standard_code(scheme: object, value: object, legal: Container[str]) -> str | None:
    """Return ``SCHEME:VALUE`` when it is one of the standard's, else None.

    Parameters
    ----------
    scheme, value : object
        Coding Scheme Designator and Code Value as they came.
    legal : container of str
        `VIEWS` or `STAGES`.

    Examples
    --------
    >>> standard_code("SNM3", "G-A19C ", VIEWS)
    'SCT:399214001'
    """
    code = f"{SCHEMES.get(str(scheme).strip().upper(), '')}:{str(value).strip().upper()}"
    code = OLDER.get(code, code)
    return code if code in legal else None
