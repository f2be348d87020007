"""The depth buffer, materials, and the light that reaches each pixel."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .camera import Camera, normalize
from .light import Lighting, Shadows, shade
from .noise import SolidNoise
from .primitives import Sheet, Strands, dot


def srgb(*rgb: float) -> np.ndarray:
    """Colour picked on a screen (sRGB, 0 to 1) as linear light, approximately (gamma 2.2)."""
    return np.asarray(rgb, np.float32) ** np.float32(2.2)


@dataclass
class Material:
    """color: linear RGB (3,) or color(u, p, noise) -> (3, n) from local and world coordinates.

    gloss: reflectance seen head-on (0.04 like lacquer). roughness: 0 mirror, 1 chalk. sheen: bright fuzzy rim.
    translucency: share of light let through. bump: relief height times frequency; bump_scale: cells per unit.
    opacity: alpha(u) -> (n,) for see-through sheets.
    """

    color: object
    gloss: float = 0.03
    roughness: float = 0.5
    sheen: float = 0.0
    translucency: float = 0.0
    bump: float = 0.0
    bump_scale: float = 20.0
    opacity: Callable | None = None


@dataclass
class Subject:
    """What the picture shows. solids: primitives; core: those that measure its size; sheets: see-through."""

    solids: list = field(default_factory=list)
    core: list = field(default_factory=list)
    sheets: list = field(default_factory=list)
    strands: list = field(default_factory=list)


def draw(solids: list, camera: Camera):
    """Depth buffer: distance (size, size) and index of the nearest solid (-1: none)."""
    size = camera.size
    depth = np.full((size, size), np.inf, np.float32)
    ids = np.full((size, size), -1, np.int32)
    for k, solid in enumerate(solids):
        block = _block(solid, camera)
        if block is None:
            continue
        t = _distance(solid, camera, block)
        nearer = t < depth[block]
        depth[block][nearer] = t[nearer]
        ids[block][nearer] = k
    return depth, ids


def _block(solid, camera: Camera):
    """The block of pixels a solid can touch, as two slices, or None."""
    points, grow = solid.bounds()
    x, y, z, scale = camera.project(points)
    if camera.perspective and z.min() - grow < 0.15:
        return None  # beside or behind the lens
    pad = grow * scale + 1
    x0, x1 = int(max((x - pad).min(), 0)), int(min((x + pad).max() + 1, camera.size))
    y0, y1 = int(max((y - pad).min(), 0)), int(min((y + pad).max() + 1, camera.size))
    return (slice(y0, y1), slice(x0, x1)) if x0 < x1 and y0 < y1 else None


def _distance(solid, camera: Camera, block) -> np.ndarray:
    o, d = camera.rays(*block)
    shift = dot(solid.center - o, d)
    t = solid.intersect(o + shift * d, d) + shift
    return np.where(t > 0, t, np.inf).reshape(block[0].stop - block[0].start, -1)


def paint(solids, ids, p, d, noise: SolidNoise, n, surface) -> None:
    """Fills normals n and the surface dict for pixels whose nearest solid is ids (n,); points p, rays d (3, n)."""
    order = np.argsort(ids, kind="stable")
    edges = np.searchsorted(ids[order], np.arange(len(solids) + 1))
    for k, solid in enumerate(solids):
        at = order[edges[k] : edges[k + 1]]
        if len(at):
            _paint_one(solid, at, p[:, at], noise, n, surface)
            if solid.two_sided:  # a thin wall: what is seen is the side that faces the camera
                n[:, at] *= np.where(dot(n[:, at], d[:, at]) > 0, -1, 1)


def _paint_one(solid, at, p, noise, n, surface) -> None:
    m = solid.material
    normal, u = solid.surface(p)
    if m.bump:
        q, step = p * m.bump_scale, np.float32(0.15)
        here = noise(q)
        slope = np.stack([noise(q + step * np.eye(3, dtype=np.float32)[:, i : i + 1]) - here for i in range(3)]) / step
        normal = normalize(normal - m.bump * (slope - normal * dot(slope, normal)))
    n[:, at] = normal
    color = m.color(u, p, noise) if callable(m.color) else np.asarray(m.color, np.float32)[:, None]
    surface["albedo"][:, at] = color
    for name in ("gloss", "roughness", "sheen", "translucency"):
        surface[name][at] = getattr(m, name)
    surface["cavity"][at] = surface["sun"][at] = 1


def splat(strands: Strands, camera: Camera, depth: np.ndarray):
    """Draws hairs into the depth buffer (size * size,), changed in place.

    Returns pixel index, strand index and place along it for the hair that is nearest in each pixel it won.
    """
    size = camera.size
    _, _, _, scale = camera.project(strands.root)
    steps = int(np.clip(strands.length.max() * np.median(scale) * 1.1, 3, 60))
    p, strand, along = strands.points(steps)
    x, y, _, scale = camera.project(p)
    distance = np.sqrt(((p - camera.eye) ** 2).sum(0))
    thick = (2 * strands.radius * scale * (1.1 - along)) > 1.6
    parts = []
    for dx, dy, keep in ((0, 0, slice(None)), (1, 0, thick), (0, 1, thick)):
        xi, yi = x[keep].astype(np.int32) + dx, y[keep].astype(np.int32) + dy
        ok = (xi >= 0) & (yi >= 0) & (xi < size) & (yi < size)
        parts.append((yi[ok] * size + xi[ok], strand[keep][ok], along[keep][ok], distance[keep][ok]))
    pixel, strand, along, distance = (np.concatenate(c) for c in zip(*parts, strict=True))
    near = distance < depth[pixel] + 0.004
    pixel, strand, along, distance = pixel[near], strand[near], along[near], distance[near]
    order = np.lexsort((distance, pixel))
    pixel, first = np.unique(pixel[order], return_index=True)
    best = order[first]
    depth[pixel] = distance[best]
    return pixel, strand[best], along[best]


def prepare(subject: Subject, clutter: list, lighting: Lighting, rng, detail: float = 1.0):
    """What all pictures of one scene share: the noise of its materials and its shadow maps."""
    noise = SolidNoise(rng)
    solids = subject.solids + clutter
    # See-through sheets cast no shadow: a wing's is faint, and a hard one would look worse than none.
    shadows = Shadows(
        lambda c: draw(solids, c),
        lighting,
        (0, 0, 0.15),
        1.25,
        rng,
        key_count=max(int(7 * detail), 3),
        sky_count=max(int(10 * detail), 5),
        detail=detail,
    )
    return noise, shadows


def radiance(subject: Subject, clutter: list, ground, camera: Camera, lighting: Lighting, noise, shadows):
    """Light arriving at each pixel: (3, size, size) linear RGB, the depth (size, size), and a mask of the subject."""
    solids = subject.solids + clutter
    depth, ids = draw(solids, camera)
    depth, ids = depth.ravel(), ids.ravel()
    o, d = camera.rays()
    far = ground.intersect(o, d)
    ids[far < depth] = -1
    depth = np.minimum(depth, far)
    mask = (ids >= 0) & (ids < len(subject.solids))

    count = depth.size
    n = np.zeros((3, count), np.float32)
    surface = {
        name: np.zeros(count, np.float32) for name in ("gloss", "roughness", "sheen", "translucency", "cavity", "sun")
    }
    surface["albedo"] = np.zeros((3, count), np.float32)
    p = o + np.where(np.isfinite(depth), depth, 0) * d
    paint(solids, ids, p, d, noise, n, surface)
    soil = np.flatnonzero((ids < 0) & np.isfinite(depth))
    ground.paint(soil, p[:, soil], n, surface)

    for strands in subject.strands:
        pixel, strand, along = splat(strands, camera, depth)
        p[:, pixel] = o + depth[pixel] * d[:, pixel]
        tangent, view = strands.direction[:, strand], -d[:, pixel]
        across = normalize(view - tangent * dot(view, tangent))
        n[:, pixel] = normalize(0.65 * strands.normal[:, strand] + 0.5 * across)
        surface["albedo"][:, pixel] = strands.color[:, strand] * (0.6 + 0.5 * along)
        surface["gloss"][pixel], surface["roughness"][pixel] = 0.03, 0.5
        surface["sheen"][pixel], surface["translucency"][pixel] = 0.25, 0.15
        surface["cavity"][pixel] = 0.6 + 0.4 * along
        surface["sun"][pixel] = 0.65 + 0.35 * along
        mask[pixel] = True

    hit = np.flatnonzero(np.isfinite(depth))
    everywhere = len(hit) == count
    pick = (lambda a: a) if everywhere else (lambda a: a[..., hit])
    light = ground.backdrop(d, lighting)
    scenery = light[:, soil]
    light[:, hit] = shade(pick(p), pick(n), pick(-d), {k: pick(v) for k, v in surface.items()}, lighting, shadows)
    haze = np.clip((depth[soil] - 4) / 8, 0, 1)  # the far ground melts into the surroundings
    light[:, soil] = light[:, soil] * (1 - haze) + scenery * haze

    eye = camera.eye[:, 0]
    for sheet in sorted(subject.sheets, key=lambda s: -np.linalg.norm(s.center[:, 0] - eye)):
        _overlay(sheet, camera, o, d, depth, light, mask, noise, lighting, shadows)
    size = camera.size
    return light.reshape(3, size, size), depth.reshape(size, size), mask.reshape(size, size)


def _overlay(sheet: Sheet, camera, o, d, depth, light, mask, noise, lighting, shadows) -> None:
    """Lays a see-through sheet over the picture, in place."""
    block = _block(sheet, camera)
    if block is None:
        return
    size = camera.size
    t = _distance(sheet, camera, block).ravel()
    index = np.arange(size * size).reshape(size, size)[block].ravel()
    seen = t < depth[index]
    index, t = index[seen], t[seen]
    if not len(index):
        return
    p, view = o + t * d[:, index], -d[:, index]
    n, surface = np.zeros_like(p), {"albedo": np.zeros_like(p)}
    for name in ("gloss", "roughness", "sheen", "translucency", "cavity", "sun"):
        surface[name] = np.zeros(len(index), np.float32)
    _paint_one(sheet, np.arange(len(index)), p, noise, n, surface)
    n = np.where(dot(n, view) < 0, -n, n)
    _, u = sheet.surface(p)
    alpha = sheet.material.opacity(u)
    alpha = alpha + (1 - alpha) * 0.5 * (1 - np.abs(dot(n, view))) ** 3  # more reflection at a grazing angle
    light[:, index] = light[:, index] * (1 - alpha) + shade(p, n, view, surface, lighting, shadows) * alpha
    mask[index] = True
    depth[index] = np.where(alpha > 0.5, t, depth[index])
