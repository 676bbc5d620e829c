/*{
    "ISFVSN": "2",
    "DESCRIPTION": "The picture's own past, seen through it: moved, turned and scaled a little every frame, so that it draws trails and tunnels. Never brighter than the brightest it was fed.",
    "CATEGORIES": ["Feedback"],
    "INPUTS": [
        { "NAME": "inputImage", "TYPE": "image" },
        { "NAME": "amount", "TYPE": "float", "DEFAULT": 0.85, "MIN": 0.0, "MAX": 0.98,
          "LABEL": "how much of the past stays from one 60th of a second to the next" },
        { "NAME": "zoom", "TYPE": "float", "DEFAULT": 1.3, "MIN": 0.25, "MAX": 4.0, "UNIT": "times a second",
          "LABEL": "above 1 the past comes nearer, below 1 it recedes" },
        { "NAME": "rotate", "TYPE": "float", "DEFAULT": 0.0, "MIN": -180.0, "MAX": 180.0, "UNIT": "degrees a second",
          "LABEL": "the past turns, anticlockwise above 0" },
        { "NAME": "shift", "TYPE": "point2D", "DEFAULT": [0.0, 0.0], "MIN": [-1.0, -1.0], "MAX": [1.0, 1.0],
          "UNIT": "canvases a second", "LABEL": "the past drifts right and up" }
    ],
    "PASSES": [
        { "TARGET": "past", "PERSISTENT": true, "FLOAT": true },
        {}
    ]
}*/

#include "lib/light.glsl"

vec4 remember() {
    // Everything is a rate, so a slow machine draws the same trail with fewer steps.
    float angle = radians(rotate) * TIMEDELTA;
    float turn_x = cos(angle), turn_y = sin(angle);
    vec2 off = (isf_FragNormCoord - 0.5 - shift * TIMEDELTA) * RENDERSIZE;
    vec2 from = mat2(turn_x, -turn_y, turn_y, turn_x) * off / (RENDERSIZE * pow(zoom, TIMEDELTA)) + 0.5;
    // In this order, max last, a value that is not a number becomes 0 and cannot live on.
    vec4 old = max(vec4(0.0), min(texture(past, from), vec4(1.0)));
    // No past yet: alpha is 0, and the present shows alone instead of rising from black.
    float kept = pow(amount, max(60.0 * TIMEDELTA, 0.001)) * old.a;
    vec4 now = HERE(inputImage);
    return vec4(mix(to_light(now.rgb) * now.a, old.rgb, kept), 1.0);
}

void main() {
    gl_FragColor = PASSINDEX == 0 ? remember() : vec4(to_screen(HERE(past).rgb), 1.0);
}
