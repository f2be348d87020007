"""Light: one soft key light, a sky, and shadow maps for both."""

from dataclasses import dataclass

import numpy as np

from .camera import Camera, frame, normalize
from .primitives import dot


def temperature(kelvin: float) -> np.ndarray:
    """Rough colour of a black body, linear RGB with mean 1: 2800 K candle-warm to 9000 K blue sky."""
    t = np.clip((kelvin - 2800) / (9000 - 2800), 0, 1) ** 0.6
    rgb = np.array([1.5 - 0.75 * t, 1.0 + 0.0 * t, 0.45 + 0.85 * t])
    return (rgb / rgb.mean()).astype(np.float32)


@dataclass
class Lighting:
    """key: unit direction towards the light, its angular radius (radians) and radiance; sky: zenith, horizon."""

    key: np.ndarray
    key_radius: float
    key_color: np.ndarray
    zenith: np.ndarray
    horizon: np.ndarray
    bounce: np.ndarray

    def illuminant(self) -> np.ndarray:
        """Colour (3,) of the light on an open horizontal surface."""
        return self.key_color * self.key[2] + 0.6 * self.zenith + 0.4 * self.horizon

    def sky(self, directions: np.ndarray) -> np.ndarray:
        """Radiance (3, n) from directions (3, n); below the horizon comes the light the ground gives back."""
        up = np.clip(directions[2], -1, 1)
        s, below = np.sqrt(np.maximum(up, 0)), np.clip(-4 * up, 0, 1)
        above = self.horizon[:, None] * (1 - s) + self.zenith[:, None] * s
        return above * (1 - below) + self.bounce[:, None] * below


def sample_lighting(rng: np.random.Generator) -> Lighting:
    """Warm to cold, hard sun to overcast, from any side above 25 degrees."""
    elevation, azimuth = np.radians(rng.uniform(25, 75)), rng.uniform(0, 2 * np.pi)
    key = np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])
    warmth = rng.uniform(3000, 7500)
    strength = np.exp(rng.uniform(np.log(0.5), np.log(4.0)))
    sky = temperature(np.clip(warmth * rng.uniform(1.0, 1.6), 3200, 9000))
    return Lighting(
        key=key.astype(np.float32),
        key_radius=rng.uniform(0.04, 0.35),
        key_color=temperature(warmth) * np.float32(strength),
        zenith=sky * np.float32(rng.uniform(0.5, 1.0)),
        horizon=sky * np.float32(rng.uniform(0.3, 0.9)),
        bounce=temperature(rng.uniform(3500, 6000)) * np.float32(rng.uniform(0.08, 0.25)),
    )


class Shadows:
    """Shadow maps (Williams 1978) towards points on the key light and directions of the sky.

    draw(camera) -> (depth, ids) renders the occluders. Many maps with hard edges average to one soft shadow;
    those of the sky give ambient occlusion.
    """

    def __init__(self, draw, lighting: Lighting, center, radius, rng, key_count=7, sky_count=10, detail=1.0):
        self.rng = rng
        axes = frame(-lighting.key)
        turn = rng.uniform(0, 2 * np.pi)
        self.key, self.sky = [], []
        for i in range(key_count):  # a sunflower pattern over the lamp's disc (Vogel 1979)
            r, a = lighting.key_radius * np.sqrt((i + 0.5) / key_count), turn + i * 2.39996
            direction = normalize(lighting.key + axes[0] * r * np.cos(a) + axes[1] * r * np.sin(a))
            self.key.append((direction, self._map(draw, direction, center, radius, int(256 * detail))))
        for i in range(sky_count):  # equal solid angles over the hemisphere
            z, a = 1 - (i + 0.5) / sky_count * 0.9, turn + i * 2.39996
            s = np.sqrt(1 - z * z)
            direction = np.array([s * np.cos(a), s * np.sin(a), z], np.float32)
            self.sky.append((direction, self._map(draw, direction, center, radius, int(128 * detail))))

    @staticmethod
    def _map(draw, direction, center, radius, size):
        eye = np.asarray(center) + direction * radius * 4
        camera = Camera(eye, frame(-direction), size / (2 * radius), size, perspective=False)
        return camera, draw(camera)[0].ravel()

    def visible(self, light, p, n) -> np.ndarray:
        """1 where points (3, n) see the light, 0 where something stands between; float32."""
        camera, depth = light
        texel = 1 / camera.scale
        x, y, z, _ = camera.project(p + n * (1.5 * texel))  # pushed off the surface: no self-shadow
        wobble = self.rng.random((2, p.shape[1]), dtype=np.float32) * 1.6 - 0.8  # dissolves the texel stairs
        x, y = (x + wobble[0]).astype(np.int32), (y + wobble[1]).astype(np.int32)
        size = camera.size
        outside = (x < 0) | (y < 0) | (x >= size) | (y >= size)
        index = np.clip(y, 0, size - 1) * size + np.clip(x, 0, size - 1)
        return ((z - texel < depth[index]) | outside).astype(np.float32)


def shade(p, n, view, surface, lighting: Lighting, shadows: Shadows) -> np.ndarray:
    """Radiance (3, n) towards the camera.

    p, n, view: positions, normals, unit vectors towards the camera, each (3, n). surface: a dict of
    albedo (3, n) and gloss, roughness, sheen, translucency, cavity, sun, each (n,); sun and cavity are how much
    of the key light and of the sky the surface's own relief lets through.
    """
    facing = np.clip(dot(n, view), 0, 1)
    back = surface["translucency"]
    key_light = np.zeros(p.shape[1], np.float32)
    seen = np.zeros(p.shape[1], np.float32)
    for direction, shadow_map in shadows.key:
        visible = shadows.visible(shadow_map, p, n)
        cos = dot(n, direction[:, None])
        seen += visible
        key_light += visible * (np.maximum(cos, 0) * (1 - 0.5 * back) + np.maximum(-cos, 0) * back * 0.8)
    scale = surface["sun"] / max(len(shadows.key), 1)
    key_light, seen = key_light * scale, seen * scale
    light = lighting.key_color[:, None] * key_light

    open_sky = np.zeros(p.shape[1], np.float32)
    for direction, shadow_map in shadows.sky:
        cos = dot(n, direction[:, None])
        visible = shadows.visible(shadow_map, p, n)
        open_sky += visible
        weight = visible * (np.maximum(cos, 0) + 0.4 * back * np.maximum(-cos, 0)) * surface["cavity"]
        light = light + lighting.sky(direction[:, None]) * (weight * (2 / len(shadows.sky)))
    open_sky *= surface["cavity"] / max(len(shadows.sky), 1)
    light = light + lighting.bounce[:, None] * ((0.6 - 0.4 * n[2]) * (0.35 + 0.65 * open_sky))

    # Specular: Schlick's Fresnel, one lobe for the lamp, a blurred sky for the rest.
    mirror = n * (2 * dot(n, view)) - view
    fresnel = surface["gloss"] + (1 - surface["gloss"]) * (1 - facing) ** 5 * np.minimum(surface["gloss"] * 8, 1)
    rough2 = surface["roughness"] ** 2 + 0.15 * lighting.key_radius**2
    lobe = np.exp(np.clip((dot(mirror, lighting.key[:, None]) - 1) * 2 / rough2, -60, 0)) * np.minimum(0.5 / rough2, 40)
    fresnel = fresnel * (1 - 0.7 * surface["roughness"])
    shine = lighting.key_color[:, None] * (lobe * seen) + lighting.sky(mirror) * (0.25 + 0.75 * open_sky)

    rim = surface["sheen"] * (1 - facing) ** 2.5
    fuzz = (0.35 * lighting.key_color[:, None] * seen + lighting.horizon[:, None] * open_sky) * rim
    tint = 0.35 + 0.65 * surface["albedo"]
    return surface["albedo"] * light * (1 - fresnel) + shine * fresnel + fuzz * tint
