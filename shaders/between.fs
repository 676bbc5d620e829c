/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Walks from the picture before to the newest one, mixing light as light mixes: no dark dip halfway.",
    "CATEGORIES": ["Transition"],
    "INPUTS": [
        { "NAME": "startImage", "TYPE": "image" },
        { "NAME": "endImage", "TYPE": "image" },
        { "NAME": "progress", "TYPE": "float" },
        { "NAME": "ease", "TYPE": "float", "DEFAULT": 0.0, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "0 moves evenly, 1 rests a little on every picture" }
    ]
}*/

#include "lib/light.glsl"

void main() {
    float t = mix(progress, smoothstep(0.0, 1.0, progress), ease);
    vec4 a = HERE(startImage);
    vec4 b = HERE(endImage);
    gl_FragColor = vec4(to_screen(mix(to_light(a.rgb), to_light(b.rgb), t)), mix(a.a, b.a, t));
}
