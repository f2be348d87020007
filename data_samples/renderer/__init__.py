"""A small numpy renderer of photographs of models: exact ray/primitive hits, soft light, depth blur.

    noise.py        random textures and solid noise
    camera.py       perspective and orthographic rays and projection
    primitives.py   ellipsoid, round cone, box, frustum, curved sheet, strands: the shapes everything is built of
    scene.py        the depth buffer, materials, and the light that reaches each pixel
    light.py        key light, sky, shadow maps, shading
    backgrounds.py  grounds, clutter, viewpoints: everything that is the same for every class
    insects.py      ants, bees and ladybirds
    kinds/          what the shipped network was pretrained on: KINDS, one family a file
    formulas.py     fractals, textures and fallen shapes, for pretraining too
    photo.py        depth blur, exposure, tone curve, sensor noise
    picture.py      one picture; SUBJECTS maps a class name to its builder(rng, stand) -> Subject

Conventions: right-handed world, z up, one unit is about the length of the subject. Vectors stand in the
first axis, (3, n) float32, which keeps numpy's inner loops long. Colours are linear-light RGB in [0, 1].
"""
