"""The Debian font packages that the model is trained on, and those that only its evaluation uses."""

from __future__ import annotations

__all__ = ["HELD_OUT", "TRAINING"]

_TRAINING = """
3270 adf-accanthis adf-baskervald adf-berenis adf-gillius adf-ikarius adf-irianis adf-libris adf-mekanus
adf-romande adf-switzera adf-tribun adf-universalis adf-verana agave allerta anonymous-pro apropal arapey
arkpandora arundina averia-sans-gwf averia-serif-gwf b612 bebas-neue beteckna breip cantarell cardo
century-catalogue cmu comfortaa crosextra-carlito dejavu-core dejavu-extra dosis dustin ebgaramond engadget
essays1743 eurofurence fantasque-sans fanwood firacode freefont-ttf georgewilliams gfs-artemisia gfs-didot
gfs-neohellenic gnutypewriter go goudybookletter hack inconsolata inter junction jura lato
league-spartan lexi-gulim liberation lindenhill linuxlibertine lmodern lobster migmix millimetre monofur monoid
mononoki national-park noto-mono ocr-a ocr-b okolaks oldstandard open-sans opendyslexic osifont paratype
prociono quicksand radisnoir roadgeek roboto-unhinted routed-gothic sil-andika sil-gentium-basic
sjfonts stix texgyre tiresias tlwg-garuda-ttf tlwg-kinnari-ttf tlwg-loma-ttf tlwg-mono-ttf tlwg-norasi-ttf
tlwg-purisa-ttf tlwg-sawasdee-ttf tlwg-typewriter-ttf tlwg-typist-ttf tlwg-umpush-ttf tlwg-waree-ttf tomsontalks
tuffy uralic urw-base35 vollkorn
"""

_HELD_OUT = """
cabin clear-sans comic-neue courier-prime crosextra-caladea hermit humor-sans jetbrains-mono karla league-mono
manrope oxygen play quattrocento roboto-slab sil-charis sora yanone-kaffeesatz yrsa-rasa
"""

#: The network learns from these.
TRAINING = tuple(f"fonts-{name}" for name in _TRAINING.split())

#: Sans, serif, slab, fixed width, condensed and drawn by hand: the accuracy is measured on these.
HELD_OUT = tuple(f"fonts-{name}" for name in _HELD_OUT.split())
