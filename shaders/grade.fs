/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Light and colour of the finished picture: exposure, contrast, saturation, white balance, vignette, film grain. Changes nothing until an input leaves its default.",
    "CATEGORIES": ["Color"],
    "INPUTS": [
        { "NAME": "inputImage", "TYPE": "image" },
        { "NAME": "exposure", "TYPE": "float", "DEFAULT": 0.0, "MIN": -4.0, "MAX": 4.0, "UNIT": "stops",
          "LABEL": "light, doubled with every stop" },
        { "NAME": "contrast", "TYPE": "float", "DEFAULT": 1.0, "MIN": 0.0, "MAX": 2.0,
          "LABEL": "0 is flat grey, 1 as it came, 2 a full S curve that never clips" },
        { "NAME": "saturation", "TYPE": "float", "DEFAULT": 1.0, "MIN": 0.0, "MAX": 2.0,
          "LABEL": "0 is grey, 1 as it came, 2 twice as colourful" },
        { "NAME": "temperature", "TYPE": "float", "DEFAULT": 0.0, "MIN": -1.0, "MAX": 1.0,
          "LABEL": "-1 is moonlight, 1 is candle light" },
        { "NAME": "tint", "TYPE": "float", "DEFAULT": 0.0, "MIN": -1.0, "MAX": 1.0,
          "LABEL": "-1 is green, 1 is magenta" },
        { "NAME": "vignette", "TYPE": "float", "DEFAULT": 0.0, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "how much light falls off towards the corners" },
        { "NAME": "grain", "TYPE": "float", "DEFAULT": 0.0, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "film grain, strongest in the middle tones, new 24 times a second" }
    ]
}*/

#include "lib/light.glsl"

// Two uniform numbers added: a triangle, near enough to film and free of the outliers that sparkle. The hash is PCG.
float grain_at(uvec2 place, uint time) {
    uint state = (place.x + 8192u * place.y + 67108859u * time) * 747796405u + 2891336453u;
    uint word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    word = (word >> 22u) ^ word;
    return float((word & 0xffffu) + (word >> 16u)) / 65535.0 - 1.0;
}

void main() {
    vec4 seen = HERE(inputImage);
    // Gains that leave the luma of white alone: a warmer picture is not a brighter one.
    vec3 gain = vec3(1.0 + 0.4 * temperature, 1.0, 1.0 - 0.4 * temperature) * (1.0 + tint * vec3(0.15, -0.15, 0.15));
    vec3 light = to_light(seen.rgb) * (gain / luma(gain)) * exp2(exposure);
    light = max(mix(vec3(luma(light)), light, saturation), 0.0);

    // Natural fall-off (cosine to the fourth) of a lens whose angle grows with the vignette; distance 1 is a corner.
    vec2 off = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / (0.5 * length(RENDERSIZE));
    float fall = 1.0 / (1.0 + 1.6 * vignette * dot(off, off));
    light *= fall * fall;

    vec3 screen = min(to_screen(light), 1.0);
    vec3 curve = screen * screen * (3.0 - 2.0 * screen);
    screen = mix(mix(vec3(0.5), screen, min(contrast, 1.0)), curve, max(contrast - 1.0, 0.0));

    float tone = luma(screen);
    screen += 0.5 * grain * tone * (1.0 - tone) * grain_at(uvec2(gl_FragCoord.xy), uint(TIME * 24.0));
    gl_FragColor = vec4(screen, seen.a);
}
