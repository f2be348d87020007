"""Ants, bees and ladybirds: anatomy and poses. Local axes: x forward, y left, z up; a body is about 1 unit long."""

import numpy as np

from .backgrounds import vary
from .camera import normalize
from .primitives import Ellipsoid, RoundCone, Sheet, Strands, dot, rotation
from .scene import Material, Subject

# Colours are sRGB. ratios: head, gaster and leg length against the common plan.
ANTS = {
    "black garden ant": dict(
        head=(0.10, 0.09, 0.09),
        thorax=(0.11, 0.10, 0.09),
        gaster=(0.09, 0.08, 0.08),
        legs=(0.17, 0.12, 0.09),
        gloss=0.05,
        ratios=(1.0, 1.0, 1.0),
    ),
    "red wood ant": dict(
        head=(0.42, 0.17, 0.09),
        thorax=(0.52, 0.22, 0.10),
        gaster=(0.13, 0.10, 0.09),
        legs=(0.36, 0.17, 0.10),
        gloss=0.035,
        ratios=(1.0, 1.1, 1.05),
    ),
    "fire ant": dict(
        head=(0.58, 0.26, 0.10),
        thorax=(0.62, 0.28, 0.10),
        gaster=(0.36, 0.16, 0.08),
        legs=(0.60, 0.32, 0.14),
        gloss=0.06,
        ratios=(1.1, 0.9, 0.9),
    ),
    "yellow meadow ant": dict(
        head=(0.72, 0.50, 0.22),
        thorax=(0.76, 0.55, 0.26),
        gaster=(0.70, 0.47, 0.20),
        legs=(0.78, 0.60, 0.32),
        gloss=0.05,
        ratios=(0.95, 1.05, 0.9),
    ),
    "carpenter ant": dict(
        head=(0.08, 0.07, 0.07),
        thorax=(0.38, 0.15, 0.08),
        gaster=(0.08, 0.07, 0.07),
        legs=(0.26, 0.12, 0.08),
        gloss=0.04,
        ratios=(1.2, 1.1, 1.1),
    ),
    "banded harvester ant": dict(
        head=(0.40, 0.25, 0.13),
        thorax=(0.34, 0.20, 0.11),
        gaster=(0.62, 0.44, 0.20),
        legs=(0.42, 0.27, 0.14),
        gloss=0.03,
        ratios=(1.25, 1.0, 1.15),
    ),
}

# bands: colours of the six abdomen segments, front to back. coat: hair colour of thorax and of each segment.
AMBER, BROWN, BLACK, WHITE, STRAW = (
    (0.66, 0.40, 0.13),
    (0.24, 0.14, 0.08),
    (0.09, 0.08, 0.08),
    (0.86, 0.83, 0.76),
    (0.84, 0.68, 0.24),
)
RUST, FAWN, GREY = (0.53, 0.28, 0.13), (0.58, 0.47, 0.31), (0.48, 0.45, 0.40)
BEES = {
    "honey bee": dict(
        body=BROWN,
        bands=[AMBER, AMBER, AMBER, BROWN, BROWN, BLACK],
        edge=BROWN,
        thorax_hair=FAWN,
        hair=[FAWN, FAWN, FAWN, FAWN, BROWN, BROWN],
        shag=0.35,
        girth=0.92,
        wing=(0.85, 0.82, 0.74),
    ),
    "dark honey bee": dict(
        body=BLACK,
        bands=[BROWN, BROWN, BLACK, BLACK, BLACK, BLACK],
        edge=GREY,
        thorax_hair=GREY,
        hair=[GREY, GREY, GREY, GREY, BLACK, BLACK],
        shag=0.35,
        girth=0.92,
        wing=(0.8, 0.8, 0.78),
    ),
    "bumblebee": dict(
        body=BLACK,
        bands=[BLACK] * 6,
        edge=BLACK,
        thorax_hair=BLACK,
        collar=STRAW,
        hair=[BLACK, STRAW, BLACK, BLACK, WHITE, WHITE],
        shag=1.0,
        girth=1.18,
        wing=(0.62, 0.56, 0.48),
    ),
    "carder bee": dict(
        body=BROWN,
        bands=[BROWN] * 6,
        edge=BROWN,
        thorax_hair=RUST,
        hair=[FAWN, FAWN, GREY, FAWN, FAWN, RUST],
        shag=0.9,
        girth=1.08,
        wing=(0.7, 0.66, 0.56),
    ),
    "carpenter bee": dict(
        body=BLACK,
        bands=[BLACK] * 6,
        edge=(0.12, 0.12, 0.16),
        thorax_hair=(0.13, 0.12, 0.13),
        hair=[BLACK] * 6,
        shag=0.45,
        girth=1.12,
        wing=(0.28, 0.24, 0.36),
    ),
    "red mason bee": dict(
        body=(0.14, 0.10, 0.08),
        bands=[(0.30, 0.16, 0.09)] * 6,
        edge=(0.20, 0.11, 0.07),
        thorax_hair=FAWN,
        hair=[RUST] * 5 + [BLACK],
        shag=0.8,
        girth=0.98,
        wing=(0.8, 0.76, 0.68),
    ),
}


def chitin(rng, rgb, gloss: float, mottle: float = 0.25) -> Material:
    """Hard shiny skin, a little uneven in colour."""
    color = vary(rng, rgb, 0.02)

    def uneven(u, p, noise):
        return color[:, None] * (1 + mottle * noise(p * 16, 2))

    return Material(
        uneven, gloss=gloss, roughness=rng.uniform(0.16, 0.36), sheen=0.05, bump=rng.uniform(0.04, 0.16), bump_scale=60
    )


def turned(forward, yaw: float, pitch: float) -> np.ndarray:
    """A direction (3,) turned left by yaw and up by pitch (radians)."""
    x, y, z = forward
    yaw, pitch = np.arctan2(y, x) + yaw, np.arctan2(z, np.hypot(x, y)) + pitch
    return np.array([np.cos(yaw) * np.cos(pitch), np.sin(yaw) * np.cos(pitch), np.sin(pitch)], np.float32)


def chain(points, radii, material) -> list:
    """Round cones through points (k, 3) with radii (k,)."""
    pairs = zip(points[:-1], points[1:], radii[:-1], radii[1:], strict=True)
    return [RoundCone(a, b, ra, rb, material) for a, b, ra, rb in pairs]


def bent_knee(hip, ankle, upper: float, lower: float, up) -> np.ndarray:
    """The knee of a two-bone leg (law of cosines), on the side `up` points to. Stretches when out of reach."""
    reach = ankle - hip
    distance = np.linalg.norm(reach)
    scale = max(1.0, 1.02 * distance / (upper + lower))
    upper, lower = upper * scale, lower * scale
    along = (upper**2 - lower**2 + distance**2) / (2 * distance)
    reach = reach / distance
    side = up - reach * (up @ reach)
    return hip + reach * along + side / np.linalg.norm(side) * np.sqrt(max(upper**2 - along**2, 0))


def legs(rng, stand, hips, feet, thick: float, material, spread: float) -> list:
    """Six jointed legs: coxa, femur, tibia, tarsus. hips, feet: (x, y) of the left side, front to back.

    A tripod gait: front and hind leg of one side step together with the middle leg of the other.
    """
    solids = []
    phase, stride = rng.uniform(0, 2 * np.pi), rng.uniform(0.02, 0.09)
    for side in (1, -1):
        for i, (hip, foot) in enumerate(zip(hips, feet, strict=True)):
            hip = np.array([hip[0], hip[1] * side, hip[2]], np.float32)
            swing = phase + np.pi * ((i + (side < 0)) % 2)
            x, y = foot[0] + stride * np.cos(swing) + rng.normal(0, 0.02), foot[1] * side * (1 + rng.normal(0, 0.06))
            ground = stand.place(x, y) + [0, 0, thick * 0.5]
            ground[2] += max(np.sin(swing), 0) * rng.uniform(0, 0.07)
            out = normalize(np.array([ground[0] - hip[0], ground[1] - hip[1], 0.0], np.float32))
            coxa = hip + out * 0.045 * spread + [0, 0, -0.015]
            ankle = ground - out * 0.10 * spread + [0, 0, 0.035 * spread]
            length = np.linalg.norm(ankle - coxa)
            knee = bent_knee(
                coxa,
                ankle,
                max(length * 0.56, 0.16 * spread),
                max(length * 0.66, 0.19 * spread),
                np.array([0, 0, 1.0]) + 0.3 * out,
            )
            middle = coxa + (knee - coxa) * 0.45
            solids += chain([hip, coxa], [thick * 1.7, thick * 1.3], material)
            solids += chain([coxa, middle, knee], [thick * 1.1, thick * 1.35, thick * 0.85], material)
            shin = knee + (ankle - knee) * 0.7
            solids += chain([knee, shin, ankle], [thick * 0.75, thick * 0.95, thick * 0.6], material)
            bend = ankle + (ground - ankle) * 0.5 + [0, 0, -0.006]
            solids += chain([ankle, bend, ground], [thick * 0.5, thick * 0.45, thick * 0.4], material)
    return solids


def coat(
    rng, solid: Ellipsoid, n: int, length: float, colors: np.ndarray, comb=(-1.0, 0.0, 0.0), radius=0.0018, stand_up=0.6
) -> Strands:
    """Hair on an ellipsoid: stand_up 1 is upright, 0 lies along `comb`. colors (3, k): mixed at random."""
    root, normal, _ = solid.scatter(rng, n)
    comb = np.asarray(comb, np.float32)[:, None]
    lean = normal * stand_up + comb * (1 - stand_up) + 0.25 * rng.standard_normal((3, n)).astype(np.float32)
    color = colors[:, rng.integers(colors.shape[1], size=n)] * rng.uniform(0.75, 1.25, n).astype(np.float32)
    lengths = length * rng.uniform(0.5, 1.2, n).astype(np.float32)
    return Strands(root, normalize(lean), normal, lengths, color.astype(np.float32), radius, droop=0.15)


def ground_below(stand) -> np.ndarray:
    """The point that a body stands above: in the middle, and no lower than the ground around it on average."""
    base = stand.place(0, 0)
    base[2] = max(base[2], np.mean([stand.place(x, y)[2] for x in (-0.3, 0, 0.3) for y in (-0.2, 0.2)]))
    return base


def body_tilt(stand, half: float) -> float:
    """Pitch of a body that follows the ground below its ends."""
    front, back = stand.place(half, 0)[2], stand.place(-half, 0)[2]
    return float(np.clip(np.arctan2(front - back, 2 * half), -0.35, 0.35))


def ant(rng: np.random.Generator, stand) -> Subject:
    """A worker ant: large head, elbowed antennae, narrow waist with a node, long legs, no wings."""
    species = ANTS[list(ANTS)[rng.integers(len(ANTS))]]
    big_head, big_gaster, leggy = np.array(species["ratios"]) * rng.uniform(0.92, 1.08, 3)
    gloss = species["gloss"] * rng.uniform(0.7, 1.5)
    head_skin, thorax_skin, leg_skin = (chitin(rng, species[part], gloss) for part in ("head", "thorax", "legs"))
    subject = Subject()
    stance = rng.uniform(0.13, 0.22) * leggy
    base = ground_below(stand)
    waist_pitch = body_tilt(stand, 0.35) + rng.normal(0, 0.08)
    ahead = turned((1, 0, 0), rng.normal(0, 0.06), waist_pitch)
    axes = rotation(ahead)
    center = base + np.array([0, 0, stance], np.float32)

    def at(x, y, z):
        return center + axes @ np.array([x, y, z], np.float32)

    # Mesosoma: pronotum, mesonotum, propodeum.
    slim = rng.uniform(0.88, 1.1)
    parts = [
        ((0.10, 0, 0.012), (0.095, 0.074 * slim, 0.076)),
        ((0.0, 0, 0.004), (0.10, 0.062 * slim, 0.066)),
        ((-0.105, 0, -0.006), (0.085, 0.056 * slim, 0.062)),
    ]
    meso = [Ellipsoid(at(*c), r, axes, thorax_skin) for c, r in parts]
    subject.core += meso
    subject.solids += chain([at(0.16, 0, 0.0), at(0.22, 0, 0.01)], [0.04, 0.034], thorax_skin)

    # Waist: a thin stalk with one or two upright nodes.
    back = turned(-ahead, rng.normal(0, 0.16), rng.normal(0.0, 0.10))
    nodes = 1 + (rng.random() < 0.4)
    p = at(-0.175, 0, -0.022)
    for i in range(nodes):
        q = p + back * 0.085
        subject.solids += chain([p, q], [0.021, 0.019], thorax_skin)
        node = (p + q) / 2 + np.array([0, 0, 0.018], np.float32)
        subject.core.append(Ellipsoid(node, (0.028, 0.036, 0.048 - 0.008 * i), rotation(back), thorax_skin))
        p = q
    # Gaster: overlapping segments along a curve that droops, rises or turns.
    down, aside = rng.normal(0.05, 0.16), rng.normal(0, 0.12)
    length = 0.42 * big_gaster
    direction = turned(back, rng.normal(0, 0.15), rng.normal(0.05, 0.16))
    widths = np.array([0.088, 0.122, 0.132, 0.118, 0.082]) * big_gaster * rng.uniform(0.92, 1.12)
    p = p + direction * length * 0.20
    pale = np.clip(np.array(species["gaster"]) * rng.uniform(1.15, 1.7), 0, 0.9)  # the seams between segments
    ringed = _banded(rng, species["gaster"], pale, gloss * 1.2, start=0.5)
    for width in widths:
        segment = Ellipsoid(p, (length * 0.29, width, width * 0.95), rotation(direction), ringed)
        subject.core.append(segment)
        p = p + direction * length * 0.165
        direction = turned(direction, aside * 0.5, -down * 0.8)
    tips = [subject.core[-1], subject.core[-3]]

    # Head: broad behind, with eyes, mandibles and elbowed antennae.
    look = turned(ahead, rng.normal(0, 0.28), rng.uniform(-0.75, 0.05))
    h = rotation(look)
    size = 0.135 * big_head
    neck = at(0.225, 0, 0.012)
    skull = neck + look * size * 0.85

    def on_head(x, y, z):
        return skull + h @ np.array([x, y, z], np.float32) * np.float32(size)

    head = Ellipsoid(skull, (size, size * 0.84, size * 0.68), h, head_skin)
    subject.core.append(head)
    for side in (1, -1):
        lobe = np.array([0.56, 0.50, 0.56]) * size
        subject.core.append(Ellipsoid(on_head(-0.42, 0.40 * side, 0.08), lobe, h, head_skin))
        eye = Material((0.006, 0.005, 0.005), gloss=0.06, roughness=0.12)
        subject.solids.append(Ellipsoid(on_head(0.12, 0.72 * side, 0.26), np.array([0.22, 0.15, 0.19]) * size, h, eye))
        gape = rng.uniform(0.1, 0.5)
        jaw = [
            on_head(0.80, 0.36 * side, -0.22),
            on_head(1.18, (0.40 + 0.3 * gape) * side, -0.26),
            on_head(1.48, (0.08 + 0.3 * gape) * side, -0.28),
        ]
        subject.solids += chain(jaw, np.array([0.17, 0.14, 0.04]) * size, leg_skin)
        socket = on_head(0.62, 0.34 * side, 0.42)
        outward = turned(look, side * rng.uniform(0.55, 1.15), rng.uniform(0.35, 0.9))
        elbow = socket + outward * 0.235 * leggy
        subject.solids += chain([socket, elbow], [0.0135, 0.0115], leg_skin)
        points, way = [elbow], turned(look, side * rng.uniform(-0.15, 0.5), rng.uniform(-0.6, 0.25))
        for _ in range(6):
            points.append(points[-1] + way * 0.05 * leggy)
            way = turned(way, -side * rng.uniform(0.0, 0.12), -rng.uniform(0, 0.14))
        subject.solids += chain(points, np.linspace(0.0105, 0.0165, 7), leg_skin)

    hips = [(0.115, 0.05, center[2] - 0.045), (0.005, 0.045, center[2] - 0.045), (-0.10, 0.042, center[2] - 0.045)]
    feet = [(0.47, 0.36), (0.0, 0.54), (-0.56, 0.44)]
    reach = leggy * rng.uniform(0.88, 1.05)
    feet = [(x * reach, y * reach) for x, y in feet]
    subject.solids += legs(rng, stand, hips, feet, 0.0165 * rng.uniform(0.85, 1.2), leg_skin, leggy)
    bristle = vary(rng, (0.62, 0.50, 0.34))[:, None]
    for solid in (*meso, head, *tips):
        subject.strands.append(coat(rng, solid, 30, 0.045, bristle, radius=0.0018, stand_up=0.85))
    subject.solids += subject.core
    return subject


def fore_outline(u, v):
    lead = -0.62 * np.minimum(u * 6, 1) ** 0.5 * np.sqrt(np.maximum(1 - u**9, 0))
    trail = 0.95 * (0.12 + 0.88 * np.minimum(u * 1.35, 1) ** 0.9) * np.sqrt(np.maximum(1 - u**5, 0))
    return (v > lead) & (v < trail)


def wing_veins(u: np.ndarray) -> np.ndarray:
    """Strength (n,) in [0, 1] of the dark veins at sheet coordinates u (3, n); between them lie clear cells."""
    x, y = u[0], u[1]
    lead = -0.62 * np.minimum(x * 6, 1) ** 0.5 * np.sqrt(np.maximum(1 - x**9, 0))
    across = (y - lead) / 1.45  # 0 at the leading edge
    lines = [(across - 0.02) / 0.030, (across - 0.11) / 0.014]
    for share in (0.28, 0.46, 0.66):
        lines.append(
            (across - share * np.minimum(x * 1.5, 1) ** 0.8 - 0.05 * np.sin(5 * x + 9 * share)) / 0.011
            + 30 * np.maximum(x - 0.86, 0)
        )
    bars = ((0.30, 0.0, 0.34), (0.46, 0.22, 0.6), (0.58, 0.02, 0.34), (0.70, 0.2, 0.56), (0.82, 0.0, 0.32))
    for place, top, low in bars:
        bar = (x - place - 0.14 * (across - 0.3)) / 0.006
        lines.append(np.where((across > top) & (across < low), bar, 9.0))
    vein = sum(np.exp(-(np.clip(line, -6, 6) ** 2)) for line in lines)
    spot = 0.5 * np.exp(-(((x - 0.66) / 0.05) ** 2 + ((across - 0.05) / 0.03) ** 2))  # pterostigma
    return np.clip(vein + spot, 0, 1).astype(np.float32)


def bee(rng: np.random.Generator, stand) -> Subject:
    """A bee: stout and hairy, two pairs of veined wings, large eyes, short antennae, short thick legs."""
    species = BEES[list(BEES)[rng.integers(len(BEES))]]
    shag, girth = species["shag"] * rng.uniform(0.8, 1.2), species["girth"] * rng.uniform(0.94, 1.06)
    body, edge = (chitin(rng, species[k], 0.035) for k in ("body", "edge"))
    subject = Subject()
    base = ground_below(stand)
    ahead = turned((1, 0, 0), rng.normal(0, 0.06), body_tilt(stand, 0.35) + rng.normal(0.05, 0.10))
    axes = rotation(ahead)
    center = base + np.array([0.10, 0, rng.uniform(0.20, 0.26)], np.float32)

    def at(x, y, z):
        return center + axes @ np.array([x, y, z], np.float32)

    thorax = Ellipsoid(center, np.array([0.165, 0.155, 0.145]) * girth**0.7, axes, body)
    subject.core.append(thorax)
    fur = np.stack([vary(rng, species["thorax_hair"], 0.03) for _ in range(3)], 1)
    count = 2600 + int(9000 * shag)
    subject.strands.append(coat(rng, thorax, count, 0.035 + 0.042 * shag, fur, stand_up=0.62))
    if "collar" in species:
        yellow = np.stack([vary(rng, species["collar"], 0.03) for _ in range(3)], 1)
        collar = Ellipsoid(at(0.075, 0, 0.035), np.array([0.085, 0.14, 0.12]) * girth**0.7, axes, body)
        subject.core.append(collar)
        subject.strands.append(coat(rng, collar, 6000, 0.078, yellow, stand_up=0.65))

    # Abdomen: six overlapping segments on a curve, each with its band of skin and hair.
    direction = turned(-ahead, rng.normal(0, 0.12), rng.normal(-0.05, 0.12))
    curl, aside = rng.normal(0.10, 0.10), rng.normal(0, 0.07)
    p = at(-0.14, 0, -0.02) + direction * 0.055
    subject.solids += chain([at(-0.10, 0, -0.01), p], [0.06, 0.06], body)
    widths = np.array([0.115, 0.150, 0.160, 0.146, 0.115, 0.068]) * girth
    for band, hair, width in zip(species["bands"], species["hair"], widths, strict=True):
        skin = _banded(rng, band, species["edge"])
        segment = Ellipsoid(p, (0.078, width, width * 0.9), rotation(direction), skin)
        subject.core.append(segment)
        strands = np.stack([vary(rng, hair, 0.025) for _ in range(3)], 1)
        n, long = int(400 + 4200 * shag**1.5), 0.02 + 0.05 * shag
        subject.strands.append(coat(rng, segment, n, long, strands, comb=direction, stand_up=0.35 + 0.3 * shag))
        p = p + direction * 0.083
        direction = turned(direction, aside, -curl)

    # Head: wider than long, large eyes at its sides.
    look = turned(ahead, rng.normal(0, 0.20), rng.uniform(-0.9, -0.1))
    h = rotation(look)
    size = 0.115 * girth**0.5
    skull = at(0.17 * girth**0.7, 0, -0.015) + look * size * 0.55

    def on_head(x, y, z):
        return skull + h @ np.array([x, y, z], np.float32) * np.float32(size)

    head = Ellipsoid(skull, np.array([0.66, 1.0, 1.02]) * size, h, body)
    subject.core.append(head)
    face = np.stack([vary(rng, species["thorax_hair"], 0.03) for _ in range(3)], 1)
    subject.strands.append(
        coat(rng, head, 250 + int(500 * shag), 0.025 + 0.02 * shag, face, comb=look, stand_up=0.8, radius=0.0025)
    )
    eye = Material(vary(rng, (0.13, 0.09, 0.07), 0.03), gloss=0.06, roughness=0.14)
    for side in (1, -1):
        subject.core.append(Ellipsoid(on_head(0.10, 0.72 * side, 0.10), np.array([0.42, 0.36, 0.72]) * size, h, eye))
        socket = on_head(0.60, 0.18 * side, 0.10)
        elbow = socket + turned(look, side * rng.uniform(0.5, 1.0), rng.uniform(0.3, 0.9)) * 0.085
        subject.solids += chain([socket, elbow], [0.013, 0.012], body)
        points, way = [elbow], turned(look, side * rng.uniform(0.1, 0.7), rng.uniform(-0.5, 0.2))
        for _ in range(4):
            points.append(points[-1] + way * 0.042)
            way = turned(way, 0, -rng.uniform(0, 0.2))
        subject.solids += chain(points, np.full(5, 0.0135), body)

    hips = [(0.085, 0.07, -0.10), (0.0, 0.08, -0.11), (-0.08, 0.07, -0.10)]
    hips = [(center[0] + x, y, center[2] + z) for x, y, z in hips]
    reach = rng.uniform(0.88, 1.08)
    feet = [(0.34 * reach, 0.22), (0.06, 0.32 * reach), (-0.26 * reach, 0.30 * reach)]
    subject.solids += legs(rng, stand, hips, feet, 0.023 * rng.uniform(0.9, 1.15), body, 0.8)
    for cone in [s for s in subject.solids if isinstance(s, RoundCone) and s.ra > 0.02][:24]:
        tuft = Ellipsoid(cone.center[:, 0], (0.045, 0.022, 0.022), rotation((cone.b - cone.a)[:, 0]))
        subject.strands.append(coat(rng, tuft, 50, 0.02 + 0.02 * shag, face, comb=(0, 0, -1), radius=0.002))

    _wings(rng, subject, at, axes, species["wing"], girth)
    subject.solids += subject.core
    return subject


def _banded(rng, band, edge, gloss: float = 0.04, start: float = 0.15) -> Material:
    """Abdomen skin: the band's colour, and from `start` (-1 front, 1 hind end) that of the segment's hind edge."""
    front, hind = vary(rng, band, 0.025), vary(rng, edge, 0.02)

    def color(u, p, noise):
        t = np.clip((u[0] - start) * 4, 0, 1) * 0.8
        return (front[:, None] * (1 - t) + hind[:, None] * t) * (1 + 0.2 * noise(p * 18, 2))

    return Material(color, gloss=gloss, roughness=rng.uniform(0.2, 0.4), sheen=0.1, bump=0.06, bump_scale=50)


def _wings(rng, subject: Subject, at, axes, tone, girth: float) -> None:
    """Two pairs: folded back over the abdomen, half open, or spread."""
    spread = rng.choice([rng.uniform(0.12, 0.40), rng.uniform(0.5, 0.95), rng.uniform(1.0, 1.45)])
    lift = rng.uniform(0.02, 0.22) + 0.2 * (spread > 0.5) * rng.random()
    tint = rng.uniform(0.14, 0.28) + 0.45 * (max(tone) < 0.5)
    shade, dark = vary(rng, np.array(tone) * 0.62, 0.03), vary(rng, (0.20, 0.13, 0.09), 0.02)

    def film(u, p, noise):  # thin-film colours, faint, varying along the wing
        phase = 9 * u[0] + 3 * u[1] + 2 * noise(p * 6)
        rainbow = np.stack([np.cos(phase), np.cos(phase + 2.1), np.cos(phase + 4.2)])
        vein = wing_veins(u)
        return np.clip(shade[:, None] * (1 + 0.10 * rainbow), 0, 1) * (1 - vein) + dark[:, None] * vein

    material = Material(
        film,
        gloss=0.07,
        roughness=0.25,
        translucency=0.5,
        bump=0.015,
        bump_scale=25,
        opacity=lambda u: np.clip(tint + 0.8 * wing_veins(u), 0, 0.95),
    )
    for side in (1, -1):
        skew = rng.normal(0, 0.06)
        for fore in (False, True):
            angle = spread * (1.0 if fore else 0.85) + skew
            direction = axes @ np.array([-np.cos(angle), side * np.sin(angle), lift], np.float32)
            trailing = axes @ np.array([-np.sin(angle), -side * np.cos(angle), 0.0], np.float32)
            direction, trailing = normalize(direction), normalize(trailing)
            trailing = normalize(trailing - direction * (trailing @ direction))
            wing_axes = np.stack([direction, trailing, np.cross(direction, trailing)], 1).astype(np.float32)
            length, width = (0.66, 0.115) if fore else (0.47, 0.095)
            root = at(0.03 if fore else -0.04, 0.105 * side * girth**0.7, 0.095 * girth**0.7 + (0.012 if fore else 0))
            sag = -0.05 if side > 0 else 0.05  # the normal of a mirrored wing points down
            subject.sheets.append(
                Sheet(root, wing_axes, length * girth**0.5, width * girth**0.5, fore_outline, sag, sag * 0.3, material)
            )


# spots: (a, b, size) on the left wing case, mirrored on the right. a: -1 hind end to 1 front, b: 0 seam to 1 side.
SEVEN = [(0.60, 0.0, 0.21), (0.26, 0.60, 0.21), (-0.02, 0.24, 0.25), (-0.40, 0.60, 0.23)]
NINETEEN = [(0.60, 0.0, 0.13), (0.46, 0.28, 0.13), (0.44, 0.68, 0.13), (0.12, 0.20, 0.17), (0.14, 0.55, 0.16),
            (0.06, 0.88, 0.12), (-0.22, 0.22, 0.17), (-0.20, 0.64, 0.16), (-0.54, 0.20, 0.13),
            (-0.50, 0.66, 0.12)]  # fmt: skip
TWENTY_TWO = [(0.56, 0.22, 0.11), (0.50, 0.62, 0.11), (0.34, 0.92, 0.09), (0.20, 0.16, 0.13), (0.16, 0.52, 0.12),
              (0.0, 0.86, 0.10), (-0.18, 0.20, 0.13), (-0.20, 0.58, 0.11), (-0.42, 0.86, 0.08), (-0.52, 0.24, 0.11),
              (-0.62, 0.62, 0.10)]  # fmt: skip
SIXTEEN = [(0.58, 0.24, 0.13), (0.46, 0.68, 0.14), (0.20, 0.24, 0.15), (0.06, 0.74, 0.14), (-0.12, 0.36, 0.15),
           (-0.30, 0.76, 0.12), (-0.44, 0.22, 0.14), (-0.62, 0.58, 0.12)]  # fmt: skip
FOURTEEN = [(0.54, 0.22, 0.15), (0.22, 0.18, 0.15), (0.20, 0.52, 0.15), (0.20, 0.86, 0.13), (-0.16, 0.24, 0.17),
            (-0.18, 0.64, 0.15), (-0.54, 0.30, 0.14)]  # fmt: skip
# The same for the shield behind the head (pronotum) and for the head: its marks are pale, or dark on a pale ground.
CORNERS, CHEEKS, FOREHEAD = [(0.25, 0.80, 0.42)], [(0.0, 0.95, 0.55)], [(0.30, 0.42, 0.24)]
LETTER_M = [(-0.25, 0.14, 0.24), (0.15, 0.30, 0.24), (-0.15, 0.52, 0.26), (0.0, 0.06, 0.16)]
FIVE = [(-0.28, 0.0, 0.16), (0.10, 0.26, 0.17), (-0.10, 0.60, 0.17)]
SCARLET, ORANGE, LEMON, TAN, CREAM = (
    (0.66, 0.13, 0.08),
    (0.78, 0.38, 0.11),
    (0.84, 0.69, 0.17),
    (0.58, 0.40, 0.24),
    (0.88, 0.82, 0.66),
)
# case, shield, face: ground colour, colour of the marks, marks. seam: half width of the dark line in the middle.
LADYBIRDS = {
    "seven-spot": dict(case=(SCARLET, BLACK, SEVEN), shield=(BLACK, WHITE, CORNERS), face=(BLACK, WHITE, FOREHEAD)),
    "two-spot": dict(
        case=((0.66, 0.20, 0.09), BLACK, [(0.0, 0.42, 0.27)]),
        shield=(BLACK, WHITE, CHEEKS),
        face=(BLACK, WHITE, FOREHEAD),
    ),
    "harlequin": dict(
        case=(ORANGE, BLACK, NINETEEN), shield=(WHITE, BLACK, LETTER_M), face=(BLACK, WHITE, FOREHEAD), girth=1.04
    ),
    "black harlequin": dict(
        case=(BLACK, (0.70, 0.22, 0.08), [(0.24, 0.50, 0.36)]),
        shield=(BLACK, WHITE, CHEEKS),
        face=(BLACK, WHITE, FOREHEAD),
        girth=1.04,
    ),
    "four-spot pine": dict(
        case=(BLACK, (0.76, 0.30, 0.08), [(0.34, 0.66, 0.29), (-0.26, 0.34, 0.22)]),
        shield=(BLACK, BLACK, []),
        face=(BLACK, BLACK, []),
        girth=1.08,
    ),
    "22-spot": dict(case=(LEMON, BLACK, TWENTY_TWO), shield=(LEMON, BLACK, FIVE), face=(CREAM, BLACK, FOREHEAD)),
    "14-spot": dict(
        case=((0.86, 0.70, 0.24), BLACK, [(a, b, 1.25 * size) for a, b, size in FOURTEEN]),
        shield=(BLACK, CREAM, CORNERS + CHEEKS),
        face=(CREAM, BLACK, FOREHEAD),
        seam=0.06,
        girth=0.94,
    ),
    "orange": dict(case=(ORANGE, CREAM, SIXTEEN), shield=(ORANGE, CREAM, CHEEKS), face=(CREAM, ORANGE, FOREHEAD)),
    "cream-spot": dict(
        case=((0.40, 0.17, 0.09), CREAM, FOURTEEN),
        shield=((0.44, 0.20, 0.10), CREAM, CHEEKS),
        face=(TAN, BROWN, FOREHEAD),
    ),
    "eyed": dict(
        case=((0.55, 0.18, 0.09), BLACK, SIXTEEN),
        ring=(0.80, 0.62, 0.34),
        shield=(BLACK, WHITE, CORNERS + [(-0.35, 0.16, 0.16)]),
        face=(BLACK, WHITE, FOREHEAD),
    ),
    "larch": dict(case=(TAN, BROWN, []), shield=(CREAM, BROWN, LETTER_M), face=(TAN, BROWN, []), seam=0.04, girth=0.9),
}


class Shell(Ellipsoid):
    """The part of an ellipsoid's skin where keep(u) is true, for u (3, n) on the unit sphere: a hollow dome."""

    two_sided = True

    def __init__(self, center, radii, axes, material, keep):
        super().__init__(center, radii, axes, material)
        self.keep = keep

    def tips(self) -> np.ndarray:
        return super().tips()[:, self.keep(np.concatenate([np.eye(3), -np.eye(3)], 1))]

    def intersect(self, o, d):
        q, e = self.to_unit_sphere @ (o - self.center), self.to_unit_sphere @ d
        a, b, c = dot(e, e), dot(q, e), dot(q, q) - 1
        h = b * b - a * c
        root, best = np.sqrt(np.maximum(h, 0)), np.inf
        for t in ((-b + root) / a, (-b - root) / a):  # the near side last: it counts where both are kept
            best = np.where((h > 0) & self.keep(q + t * e), t, best)
        return best


def _spotted(rng, colors, ring=None, seam: float = 0.0, gloss: float = 0.05) -> Material:
    """Smooth skin with round marks, the same on both sides of the middle. colors: ground, marks, and their places."""
    ground, mark = vary(rng, colors[0], 0.045)[:, None], vary(rng, colors[1], 0.02)[:, None]
    halo = None if ring is None else vary(rng, ring, 0.03)[:, None]
    grow, fade = rng.uniform(0.8, 1.2), rng.uniform(14, 30)
    places = []
    for a, b, size in colors[2]:
        a, b = np.array([a, b]) * np.pi / 2 + rng.normal(0, 0.03, 2) * [1, b > 0]
        place = np.array([np.sin(a), np.cos(a) * np.sin(b), np.cos(a) * np.cos(b)], np.float32)
        places.append((place, size * grow * rng.uniform(0.85, 1.15)))

    def color(u, p, noise):
        rgb = ground * (1 + 0.10 * noise(p * 7, 2))
        side = np.stack([u[0], np.abs(u[1]), u[2]])
        ragged = 0.03 * noise(p * 22)
        for width, paint in ((1.45, halo), (1.0, mark)):
            for place, size in places if paint is not None else ():
                away = np.sqrt(((side - place[:, None]) ** 2).sum(0)) + ragged
                t = np.clip((size * width - away) * fade + 0.5, 0, 1)
                rgb = rgb * (1 - t) + paint * t
        t = np.clip((seam - np.abs(u[1])) * 60 + 0.5, 0, 1) if seam else 0
        return rgb * (1 - t) + mark * t

    return Material(color, gloss, rng.uniform(0.14, 0.32), bump=rng.uniform(0.02, 0.06), bump_scale=70)


def ladybird(rng: np.random.Generator, stand) -> Subject:
    """A ladybird: domed spotted wing cases that meet in a seam, a small head below its shield, short legs."""
    species = LADYBIRDS[list(LADYBIRDS)[rng.integers(len(LADYBIRDS))]]
    gloss, seam = rng.uniform(0.035, 0.075), species.get("seam", 0.0)
    case = _spotted(rng, species["case"], species.get("ring"), seam, gloss)
    shield, face = (_spotted(rng, species[part], gloss=gloss) for part in ("shield", "face"))
    dark = chitin(rng, BLACK, 0.04)
    pale = species["face"][0] != BLACK
    leg_skin = chitin(rng, TAN if pale else (0.13, 0.10, 0.08), 0.04)
    subject = Subject()
    base = ground_below(stand)
    ahead = turned((1, 0, 0), rng.normal(0, 0.06), body_tilt(stand, 0.35) + rng.normal(0.02, 0.06))
    axes = rotation(ahead)
    center = base + np.array([0, 0, rng.uniform(0.085, 0.125)], np.float32)

    def at(x, y, z):
        return center + axes @ np.array([x, y, z], np.float32)

    long = rng.uniform(0.32, 0.36)
    wide = long * rng.uniform(0.82, 0.92) * species.get("girth", 1.0)
    tall = wide * rng.uniform(0.80, 0.96)

    # Wing cases: two halves of a dome, closed with a fine gap, or opened for flight.
    swing, lift = rng.uniform(0.004, 0.022), 0.0
    if rng.random() < 0.22:
        swing, lift = rng.uniform(0.45, 1.25), rng.uniform(0.15, 0.6)
    middle, hinge = np.array([-0.08, 0, 0]), np.array([-0.08 + 0.80 * long, 0.05, 0.35 * tall])
    for side in (1, -1):
        s, c, t, k = np.sin(side * swing), np.cos(swing), np.sin(lift), np.cos(lift)
        opened = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ np.array([[k, 0, t], [0, 1, 0], [-t, 0, k]])
        joint = hinge * [1, side, 1]
        subject.core.append(
            Shell(
                at(*(joint + opened @ (middle - joint))),
                (long, wide, tall),
                (axes @ opened).astype(np.float32),
                case,
                lambda u, side=side: (u[1] * side >= 0) & (u[2] > -0.16) & (u[0] < 0.87),
            )
        )

    # Below them the abdomen, flat, dark and ringed, and the breast.
    skin, ring = vary(rng, BLACK if rng.random() < 0.6 else (0.30, 0.13, 0.07), 0.02), vary(rng, BROWN, 0.03)

    def ringed(u, p, noise):
        t = np.clip(np.sin(u[0] * 19) * 5 - 4, 0, 1)
        return (skin[:, None] * (1 - t) + ring[:, None] * t) * (1 + 0.2 * noise(p * 18, 2))

    belly = Material(ringed, 0.03, 0.4, sheen=0.1, bump=0.12, bump_scale=40)
    subject.solids.append(Ellipsoid(at(-0.09, 0, -0.01), (0.88 * long, 0.86 * wide, 0.30 * tall), axes, belly))
    subject.solids.append(Ellipsoid(at(0.12, 0, 0.02), (0.15, 0.72 * wide, 0.45 * tall), axes, dark))

    # The shield carries the dome's curve on to the head, which looks down and is half hidden below it.
    nod = rotation(turned((1, 0, 0), rng.normal(0, 0.05), rng.uniform(-0.50, -0.30)))
    front = long * 0.74 - 0.08
    subject.core.append(
        Ellipsoid(at(front, 0, 0.10 * tall), (0.14, 0.68 * wide, 0.50 * tall), (axes @ nod).astype(np.float32), shield)
    )
    look = turned(ahead, rng.normal(0, 0.10), rng.uniform(-0.85, -0.35))
    h = rotation(look)
    size = 0.34 * wide
    skull = at(front + 0.10, 0, -0.06 * tall) + look * size * rng.uniform(0.2, 0.45)

    def on_head(x, y, z):
        return skull + h @ np.array([x, y, z], np.float32) * np.float32(size)

    subject.core.append(Ellipsoid(skull, np.array([0.82, 1.0, 0.72]) * size, h, face))
    eye = Material((0.006, 0.005, 0.005), gloss=0.06, roughness=0.12)
    for side in (1, -1):
        subject.solids.append(Ellipsoid(on_head(0.22, 0.80 * side, 0.16), np.array([0.34, 0.26, 0.34]) * size, h, eye))
        way = turned(look, side * rng.uniform(0.4, 1.0), rng.uniform(0.1, 0.6))
        points = [on_head(0.66, 0.50 * side, 0.12)]
        for _ in range(5):
            points.append(points[-1] + way * 0.032)
            way = turned(way, side * rng.uniform(-0.05, 0.2), rng.uniform(-0.15, 0.1))
        subject.solids += chain(points, [0.012, 0.010, 0.010, 0.011, 0.017, 0.015], leg_skin)
        palp = [on_head(0.75, 0.28 * side, -0.30), on_head(1.10, 0.42 * side, -0.42), on_head(1.25, 0.34 * side, -0.62)]
        subject.solids += chain(palp, [0.011, 0.013, 0.018], leg_skin)

    hips = [(0.16, 0.10, -0.05), (0.02, 0.14, -0.06), (-0.10, 0.13, -0.06)]
    hips = [(center[0] + x, y, center[2] + z) for x, y, z in hips]
    reach = rng.uniform(0.90, 1.10)
    feet = [(0.28 * reach, wide + 0.02 * reach), (0.02, wide + 0.09 * reach), (-0.25 * reach, wide + 0.05 * reach)]
    subject.solids += legs(rng, stand, hips, feet, 0.017 * rng.uniform(0.9, 1.15), leg_skin, 0.5)
    if lift:
        _hind_wings(rng, subject, at, axes, swing, long)
    subject.solids += subject.core
    return subject


def _hind_wings(rng, subject: Subject, at, axes, swing: float, long: float) -> None:
    """The pair that flies, unfolded below open wing cases: long, smoky, with few veins."""
    tint = rng.uniform(0.35, 0.55)
    shade, dark = vary(rng, (0.50, 0.42, 0.33), 0.03), vary(rng, (0.22, 0.13, 0.08), 0.02)

    def film(u, p, noise):
        vein = wing_veins(u)
        return shade[:, None] * (1 - vein) + dark[:, None] * vein

    material = Material(
        film, 0.07, 0.25, translucency=0.5, opacity=lambda u: np.clip(tint + 0.6 * wing_veins(u), 0, 0.9)
    )
    angle, lift = swing * rng.uniform(0.7, 1.0), rng.uniform(0.05, 0.35)
    for side in (1, -1):
        u = normalize(np.array([-np.cos(angle), side * np.sin(angle), lift], np.float32))
        v = np.array([-np.sin(angle), -side * np.cos(angle), 0], np.float32)
        v = normalize(v - u * (u @ v))
        wing_axes = (axes @ np.stack([u, v, np.cross(u, v)], 1)).astype(np.float32)
        root, sag = at(0.10, 0.12 * side, 0.10), -0.06 * side
        subject.sheets.append(Sheet(root, wing_axes, 2.3 * long, 0.45 * long, fore_outline, sag, sag * 0.3, material))
