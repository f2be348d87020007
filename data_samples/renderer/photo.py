"""What a real lens and sensor add: depth blur, exposure, tone curve, vignette, noise."""

import numpy as np


def shrink(image: np.ndarray, factor: int) -> np.ndarray:
    """Mean over factor x factor blocks of (..., h, w)."""
    *lead, h, w = image.shape
    return image.reshape(*lead, h // factor, factor, w // factor, factor).mean((-3, -1), dtype=np.float32)


def blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Disc-like blur of (c, h, w): two box passes, borders repeated. sigma in pixels."""
    width = int(round(np.sqrt(6 * sigma**2 + 1)))  # two boxes of width w have variance (w^2 - 1) / 6
    for axis in (1, 2):
        for shift in (0, 1):
            before, after = (width - 1 + shift) // 2, width - 1 - (width - 1 + shift) // 2
            pad = [(0, 0)] * 3
            pad[axis] = (before + 1, after)
            total = np.cumsum(np.pad(image, pad, mode="edge"), axis=axis, dtype=np.float64)
            n = image.shape[axis]
            high, low = np.arange(width, width + n), np.arange(n)
            image = ((np.take(total, high, axis) - np.take(total, low, axis)) / width).astype(np.float32)
    return image


def depth_of_field(light, depth, focus: float, strength: float, factor: int, largest: float) -> np.ndarray:
    """Blurs by distance from the focal plane and shrinks by `factor`.

    strength: blur in final pixels for something half a unit behind the focus; largest: the limit.
    Pixels are sorted into layers of equal blur, each blurred with its coverage and laid over those behind.
    """
    depth = np.where(np.isfinite(depth), depth, 60)
    circle = strength * (focus + 0.5) / 0.5 * (depth - focus) / depth
    levels = np.array([0, 0.7, 1.5, 3, 5.5, 9], np.float32)
    levels = np.concatenate([-levels[:0:-1], levels])  # negative: nearer than the focus
    circle = np.clip(circle, -largest, largest)
    place = np.interp(circle, levels, np.arange(len(levels)))
    stacked = np.concatenate([light, np.ones_like(depth[None])])
    total = np.zeros((4, light.shape[1] // factor, light.shape[2] // factor), np.float32)
    for k, sigma in enumerate(levels):  # front to back: nearer layers take their share of a pixel first
        weight = np.clip(1 - np.abs(place - k), 0, 1).astype(np.float32)
        if weight.max() == 0:
            continue
        layer = shrink(stacked * weight, factor)
        if sigma:
            layer = blur(layer, abs(sigma))
        cover = np.maximum(layer[3], 1e-6)
        total += layer * (np.minimum(cover, 1 - total[3]) / cover)
    return total[:3] / np.maximum(total[3], 1e-4)


def develop(
    light: np.ndarray,
    rng: np.random.Generator,
    brightness: float,
    vignette: float,
    noise: float,
    saturation: float,
    illuminant,
    balance: float,
) -> np.ndarray:
    """Linear light (3, h, w) to an 8-bit picture (h, w, 3), exposed for its own mean like an automatic camera."""
    _, h, w = light.shape
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    light = light * (1 - vignette * (x**2 + y**2) / 2)
    cast = np.asarray(illuminant, np.float32).reshape(3, 1, 1)
    light = light * (cast.mean() / cast) ** balance  # white balance: a part of the lamp's colour is taken out
    luminance = np.array([0.2126, 0.7152, 0.0722], np.float32) @ light.reshape(3, -1)
    exposure = brightness / (0.5 * np.exp(np.log(luminance + 1e-3).mean()) + 0.5 * luminance.mean())
    light = light * exposure
    grey = light.mean(0, keepdims=True)
    light = np.maximum(grey + (light - grey) * saturation, 0)
    light = np.maximum(light + 0.2 * (light - blur(light, 1.0)), 0)  # the sharpening every camera does
    light = light + rng.standard_normal(light.shape).astype(np.float32) * noise * np.sqrt(light * 0.3 + 0.002)
    light = np.maximum(light, 0)
    light = light * (1 + light / 6.25) / (1 + light)  # Reinhard et al. 2002: bright spots roll off, don't clip
    encoded = np.clip(light * 1.25, 0, 1) ** np.float32(1 / 2.2)
    encoded = encoded + 0.55 * (encoded * encoded * (3 - 2 * encoded) - encoded)  # an S curve for contrast
    return np.round(encoded * 255).astype(np.uint8).transpose(1, 2, 0)
