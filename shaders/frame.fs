/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Hangs the square middle of the picture on a wide canvas: a soft portrait, round or square, before a dark, blurred, enlarged wall of the picture itself.",
    "CATEGORIES": ["Geometry"],
    "INPUTS": [
        { "NAME": "inputImage", "TYPE": "image" },
        { "NAME": "radius", "TYPE": "float", "DEFAULT": 0.92, "MIN": 0.1, "MAX": 1.0,
          "LABEL": "half the portrait's width, of half the canvas's shorter side" },
        { "NAME": "softness", "TYPE": "float", "DEFAULT": 0.25, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "0 cuts the portrait's edge, 1 lets it melt away from its middle on" },
        { "NAME": "roundness", "TYPE": "float", "DEFAULT": 1.0, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "0 is a square, 1 a circle, between them round corners" },
        { "NAME": "background", "TYPE": "float", "DEFAULT": 0.35, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "how much light the wall has, of the picture's own" }
    ],
    "PASSES": [
        { "TARGET": "small", "WIDTH": "ceil($WIDTH/8)", "HEIGHT": "ceil($HEIGHT/8)", "FLOAT": true },
        { "TARGET": "across", "WIDTH": "ceil($WIDTH/8)", "HEIGHT": "ceil($HEIGHT/8)", "FLOAT": true },
        { "TARGET": "wall", "WIDTH": "ceil($WIDTH/8)", "HEIGHT": "ceil($HEIGHT/8)", "FLOAT": true },
        {}
    ]
}*/

#include "lib/blur.glsl"
#include "lib/light.glsl"

// The wall's light: the square enlarged until it covers the canvas, four samples a pixel.
vec3 enlarged() {
    vec2 canvas = IMG_SIZE(inputImage);
    float square = min(canvas.x, canvas.y) / max(canvas.x, canvas.y);
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 4; i++) {
        vec2 off = (vec2(i & 1, i >> 1) - 0.5) * 4.0;
        vec2 place = (gl_FragCoord.xy * 8.0 + off - 0.5 * canvas) * square + 0.5 * canvas;
        vec4 seen = texelFetch(inputImage, clamp(ivec2(place), ivec2(0), ivec2(canvas) - 1), 0);
        sum += to_light(seen.rgb) * seen.a;
    }
    return 0.25 * sum;
}

// Signed distance to a square with round corners, in half short sides; below 0 inside.
float edge() {
    vec2 off = abs(gl_FragCoord.xy - 0.5 * RENDERSIZE) / (0.5 * min(RENDERSIZE.x, RENDERSIZE.y));
    float corner = radius * roundness;
    vec2 past = off - radius + corner;
    return length(max(past, 0.0)) + min(max(past.x, past.y), 0.0) - corner;
}

void main() {
    if (PASSINDEX == 0) {
        gl_FragColor = vec4(enlarged(), 1.0);
    } else if (PASSINDEX == 1) {
        // A standard deviation of a twelfth of the height: no line is left, only where light and colours lie.
        gl_FragColor = vec4(gauss(small, ivec2(1, 0), 0.25 * RENDERSIZE.y), 1.0);
    } else if (PASSINDEX == 2) {
        gl_FragColor = vec4(gauss(across, ivec2(0, 1), 0.25 * RENDERSIZE.y), 1.0);
    } else {
        // The soft edge lies inside the radius and is never thinner than a pixel.
        float width = max(softness * radius, 2.0 / min(RENDERSIZE.x, RENDERSIZE.y));
        float cover = smoothstep(0.0, 1.0, -edge() / width);
        vec4 seen = HERE(inputImage);
        // The wall is lit by the portrait: darker the farther away.
        vec2 off = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);
        vec3 behind = texture(wall, isf_FragNormCoord).rgb * (background / (1.0 + 0.8 * dot(off, off)));
        gl_FragColor = vec4(to_screen(mix(behind, to_light(seen.rgb), cover * seen.a)), 1.0);
    }
}
