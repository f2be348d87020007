"""Pictures of no thing at all, made by formulas: fractals, textures, fallen shapes. They teach edges and surfaces.

Every function returns a (size, size, 3) uint8 picture. `which` chooses the class; everything else (colours, place,
turn, light, background) comes from `rng`.
"""

import numpy as np
from PIL import Image, ImageDraw

from .noise import cellular, lookup, spectral

FRACTALS, TEXTURES = 240, 120  # how many different systems and recipes
SHAPES = ("disc", "ellipse", "square", "bar", "triangle", "star", "blob", "ring")
FALLEN = [(shape, crowd, surface) for shape in SHAPES for crowd in (60, 220) for surface in ("plain", "textured")]
_SYSTEMS = 20_24  # seeds of the classes, apart from those of the pictures
_RECIPES = 20_25


def palette(rng: np.random.Generator, n: int) -> np.ndarray:
    """n colours (n, 3) in [0, 1]: from nearly grey to vivid, related or far apart."""
    hue = rng.random() + np.cumsum(rng.normal(0, rng.choice([0.04, 0.15, 0.5]), n))
    vivid, light = rng.beta(1.6, 1.6, n), rng.beta(1.3, 1.3, n)
    wheel = 0.5 + 0.5 * np.cos(2 * np.pi * (hue[:, None] + np.array([0, 1 / 3, 2 / 3])))
    return np.clip(light[:, None] * (1 - vivid[:, None] + vivid[:, None] * 1.5 * wheel), 0, 1).astype(np.float32)


def ramp(colors: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Colours (n, 3) blended by t (h, w) in [0, 1], as (h, w, 3)."""
    t = np.clip(t, 0, 1) * (len(colors) - 1)
    low = np.minimum(t.astype(np.int32), len(colors) - 2)
    share = (t - low)[..., None]
    return colors[low] * (1 - share) + colors[low + 1] * share


def lit(color: np.ndarray, height: np.ndarray, rng: np.random.Generator, depth: float) -> np.ndarray:
    """Colours (h, w, 3) of a relief (h, w) under a lamp from a random side."""
    dy, dx = np.gradient(height.astype(np.float32) * depth)
    turn, high = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.5)
    normal = 1 / np.sqrt(dx**2 + dy**2 + 1)
    lamp = np.clip((high - np.cos(turn) * dx - np.sin(turn) * dy) * normal / np.hypot(1, high), 0, 1)
    shine = lamp ** rng.uniform(8, 40) * rng.uniform(0, 0.5)
    return color * (0.25 + 0.9 * lamp[..., None]) + shine[..., None]


def to_picture(rng: np.random.Generator, color: np.ndarray) -> np.ndarray:
    """Adds sensor noise and rounds colours (h, w, 3) in [0, 1] to 8 bits."""
    noise = rng.standard_normal(color.shape).astype(np.float32) * rng.uniform(0, 0.04)
    return np.round(np.clip(color + noise, 0, 1) * 255).astype(np.uint8)


def background(rng: np.random.Generator, size: int) -> np.ndarray:
    """Something behind a fractal: plain, a gradient, clouds, cells, or fallen shapes. (size, size, 3) in [0, 1]."""
    kind = rng.integers(5)
    if kind == 4:
        return fallen_leaves(rng, int(rng.integers(len(FALLEN))), size).astype(np.float32) / 255
    colors = palette(rng, 3)
    if kind == 0:
        return np.broadcast_to(colors[0], (size, size, 3)).copy()
    if kind == 1:
        y, x = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j].astype(np.float32)
        turn = rng.uniform(0, 2 * np.pi)
        return ramp(colors, 0.5 + (x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn))
    if kind == 2:
        return ramp(colors, 0.5 + 0.25 * spectral(rng, size, rng.uniform(1.2, 3.2)))
    f1, f2, tone = cellular(rng, size, int(rng.integers(3, 16)))
    return ramp(colors, tone) * (0.5 + 0.5 * np.clip((f2 - f1) * 4, 0, 1))[..., None]


def iterated_functions(which: int) -> tuple[np.ndarray, np.ndarray]:
    """The affine maps x -> A x + b of system `which`: A (k, 2, 2) and b (k, 2).

    Drawn by their singular values, as Anderson & Farrell (WACV 2022) advise: a set whose values add up to
    a given sum is neither a dust of dots nor a filled blot, so no system has to be thrown away.
    """
    rng = np.random.default_rng([_SYSTEMS, which])
    k = int(rng.integers(2, 7))
    drawn = np.sort(rng.uniform(0, 1, (4000, k, 2)), 2)[:, :, ::-1]
    total = drawn @ [1, 2]
    values = drawn[np.flatnonzero(np.abs(total.sum(1) - (5.5 + k) / 2) < 0.25)[0]]
    angles = rng.uniform(0, 2 * np.pi, (2, k))
    turn, skew = np.moveaxis(
        np.array([[np.cos(angles), -np.sin(angles)], [np.sin(angles), np.cos(angles)]]), (0, 1), (2, 3)
    )
    mirror = rng.choice([-1.0, 1.0], (k, 2))
    return turn @ (values[..., None] * skew) * mirror[:, None, :], rng.uniform(-1, 1, (k, 2))


def fractal(rng: np.random.Generator, which: int, size: int) -> np.ndarray:
    """The attractor of system `which`, coloured by the maps that lead to each point, on a random background."""
    a, b = iterated_functions(which)
    a = a * rng.uniform(0.92, 1.06, (len(a), 1, 1))
    b = b + rng.normal(0, 0.04, b.shape)
    norms = np.linalg.norm(a, 2, axis=(1, 2))
    a = a / np.maximum(norms / 0.97, 1)[:, None, None]
    chance = np.abs(np.linalg.det(a)) + 0.02
    chance /= chance.sum()
    walkers, steps = 1200, 70
    p, tone = rng.uniform(-1, 1, (walkers, 2)), np.zeros(walkers)
    turns, tones = rng.choice(len(a), (steps, walkers), p=chance), rng.random(len(a))
    points, shades = [], []
    for step in range(steps):
        pick = turns[step]
        p = np.einsum("nij,nj->ni", a[pick], p) + b[pick]
        tone = 0.5 * (tone + tones[pick])
        if step >= 14:  # the first steps only lead to the attractor
            points.append(p)
            shades.append(tone)
    points, shades = np.concatenate(points), np.concatenate(shades)
    turn, mirror = rng.uniform(0, 2 * np.pi), rng.choice([-1, 1])
    points = points @ np.array([[np.cos(turn), -np.sin(turn)], [mirror * np.sin(turn), mirror * np.cos(turn)]])
    low, high = np.percentile(points, [1, 99], axis=0)
    width = size * rng.uniform(0.55, 1.0) / max((high - low).max(), 1e-6)
    place = (size - (high - low) * width) * rng.uniform(0, 1, 2)
    x, y = ((points - low) * width + place).astype(np.int32).T
    seen = (x >= 0) & (y >= 0) & (x < size) & (y < size)
    pixel, shades = (y * size + x)[seen], shades[seen]
    count = np.bincount(pixel, minlength=size * size).astype(np.float32)
    mean = np.bincount(pixel, shades, size * size) / np.maximum(count, 1)
    count, mean = count.reshape(size, size), mean.reshape(size, size)
    dense = np.log1p(count)
    dense = dense / max(np.percentile(dense[dense > 0], 90), 1e-6)
    front = ramp(palette(rng, int(rng.integers(2, 6))), mean)
    if rng.random() < 0.5:
        front = lit(front, dense, rng, rng.uniform(0.5, 2))
    cover = np.clip(dense * rng.uniform(1.5, 4), 0, 1)[..., None]
    return to_picture(rng, background(rng, size) * (1 - cover) + front * cover)


def texture(rng: np.random.Generator, which: int, size: int) -> np.ndarray:
    """A surface of recipe `which`: two of the patterns below, warped and mixed in the recipe's way."""
    recipe = np.random.default_rng([_RECIPES, which])
    n = 128
    height = _pattern(recipe, rng, n)
    if recipe.random() < 0.7:
        other, how = _pattern(recipe, rng, n), recipe.integers(3)
        height = (height + 0.6 * other, height * other, np.maximum(height, other))[how]
    height = (height - height.mean()) / max(height.std(), 1e-6)
    colors = palette(rng, int(rng.integers(2, 5)))
    color = ramp(colors, 0.5 + 0.28 * height)
    if rng.random() < 0.4:  # colour that does not follow the relief
        color = 0.5 * color + 0.5 * ramp(palette(rng, 3), 0.5 + 0.25 * spectral(rng, n, 2.4))
    stack = np.concatenate([color, height[..., None]], -1).astype(np.float32)
    y, x = np.mgrid[-0.5 : 0.5 : size * 1j, -0.5 : 0.5 : size * 1j].astype(np.float32)
    turn, zoom = rng.normal(0, 0.5), np.exp(rng.uniform(np.log(0.5), np.log(1.1)))
    tilt = 1 + y * rng.uniform(-0.5, 0.5)  # nearer below than above, or the other way round
    u = zoom * tilt * (np.cos(turn) * x - np.sin(turn) * y) + rng.random()
    v = zoom * tilt * (np.sin(turn) * x + np.cos(turn) * y) + rng.random()
    seen = lookup(stack, u.ravel(), v.ravel()).reshape(size, size, 4)
    return to_picture(rng, lit(seen[..., :3], seen[..., 3], rng, rng.uniform(0, 1.5)))


def _pattern(recipe: np.random.Generator, rng: np.random.Generator, n: int) -> np.ndarray:
    """One tiling pattern (n, n) of about unit contrast. recipe fixes its kind and measures, rng its accidents."""
    y, x = np.mgrid[0 : 1 : 1 / n, 0 : 1 : 1 / n].astype(np.float32)
    kind, often, warp = recipe.integers(9), int(recipe.integers(2, 15)), recipe.choice([0, 0.02, 0.06, 0.15])
    stretch, beta, sharp = int(recipe.integers(1, 5)), recipe.uniform(0.8, 3.2), recipe.uniform(1, 6)
    phase, aside = rng.random(2)
    if warp:
        x, y = x + warp * 0.3 * spectral(rng, n, 3), y + warp * 0.3 * spectral(rng, n, 3)
    u, v = 2 * np.pi * (x * often + phase), 2 * np.pi * (y * max(often // stretch, 1) + aside)
    if kind == 0:
        return spectral(rng, n, beta, stretch)
    if kind in (1, 2, 3):
        f1, f2, tone = cellular(rng, n, often + 2, stretch)
        return (np.tanh(sharp * (f2 - f1)), np.tanh(2 - sharp * f1), tone * 2 - 1)[kind - 1] * 1.5
    if kind == 4:  # stripes
        return np.tanh(sharp * np.sin(u))
    if kind == 5:  # checks
        return np.tanh(sharp * np.sin(u) * np.sin(v))
    if kind == 6:  # dots
        return np.tanh(sharp * (np.cos(u) + np.cos(v) - 0.8))
    if kind == 7:  # weave
        over = np.sin(u / 2) * np.sin(v / 2) > 0
        return np.where(over, np.abs(np.sin(u)), np.abs(np.sin(v))) * 2 - 1
    row = np.floor(y * often * 1.5)  # bricks or scales
    brick = np.abs(((x * often + 0.5 * (row % 2)) % 1) - 0.5), np.abs(((y * often * 1.5) % 1) - 0.5)
    return np.tanh(sharp * 3 * (0.42 - np.maximum(*brick)))


def fallen_leaves(rng: np.random.Generator, which: int, size: int) -> np.ndarray:
    """Shapes of one kind lying over each other, few large and many small ones: the dead-leaves model.

    (Lee, Mumford & Huang 2001: it has the statistics of natural pictures.) `which` is an index of FALLEN.
    """
    shape, crowd, surface = FALLEN[which]
    colors = (palette(rng, int(rng.integers(3, 9))) * 255).astype(np.uint8)
    canvas = Image.new("RGB", (2 * size, 2 * size), tuple(int(c) for c in colors[0]))
    pen = ImageDraw.Draw(canvas)
    # A power law for the size: the area covered is about the same at every scale.
    radius = 2 * size * 0.5 / np.sqrt(1 + np.arange(crowd) * rng.uniform(0.3, 1.5)) * rng.uniform(0.6, 1.2, crowd)
    for r in radius:
        shade = np.clip(colors[rng.integers(len(colors))] * rng.uniform(0.7, 1.3), 0, 255)
        pen.polygon(_outline(rng, shape, rng.uniform(0, 2 * size, 2), r), fill=tuple(int(c) for c in shade))
    picture = np.asarray(canvas.resize((size, size), Image.Resampling.BOX), np.float32) / 255
    if surface == "textured":
        grain = spectral(rng, size, rng.uniform(0.8, 2.6), int(rng.integers(1, 4)))
        bright = picture.mean(2)
        picture = lit(picture * (1 + 0.2 * grain[..., None]), bright * 3 + 0.4 * grain, rng, rng.uniform(0.5, 2))
    return to_picture(rng, picture)


def _outline(rng: np.random.Generator, shape: str, center: np.ndarray, r: float) -> list[tuple[float, float]]:
    """Corners of a shape of about radius r."""
    corners = {"square": 4, "bar": 4, "triangle": 3, "star": 10}.get(shape, 20)
    angle = np.arange(corners) * 2 * np.pi / corners + np.pi / 4
    far = np.ones(corners)
    if shape == "star":
        far[::2] = 0.45
    if shape == "blob":
        far = 1 + sum(rng.normal(0, 0.25 / k) * np.cos(k * angle + rng.uniform(0, 7)) for k in (2, 3, 4, 5))
    x, y = far * np.cos(angle), far * np.sin(angle)
    if shape in ("bar", "ellipse"):
        y = y * rng.uniform(0.15, 0.4)
    if shape == "ring":  # out along the circle, and back along a smaller one
        x, y = np.concatenate([x, x[::-1] * 0.6]), np.concatenate([y, y[::-1] * 0.6])
    turn = rng.uniform(0, 2 * np.pi)
    x, y = center[0] + r * (np.cos(turn) * x - np.sin(turn) * y), center[1] + r * (np.sin(turn) * x + np.cos(turn) * y)
    return list(zip(x.tolist(), y.tolist(), strict=True))
