"""Heart phantoms: seeded, beating apical four-chamber loops whose truth is known.

`anatomy` says where everything is at a moment of the beat, `scanner` what an ultrasound machine would show of
it, `heart` puts both together, `dicom` writes the loop as a recording that enters by the ordinary door.
"""

from unisono.bench.phantom.dicom import write_dicom
from unisono.bench.phantom.heart import Heart, make_heart

__all__ = ["Heart", "make_heart", "write_dicom"]
