/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Light that spills from the bright parts of the picture, as in an eye or a lens. Adds light only.",
    "CATEGORIES": ["Light"],
    "INPUTS": [
        { "NAME": "inputImage", "TYPE": "image" },
        { "NAME": "amount", "TYPE": "float", "DEFAULT": 0.25, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "how much light spills" },
        { "NAME": "threshold", "TYPE": "float", "DEFAULT": 0.6, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "how bright a place must be to spill, as seen on the screen" },
        { "NAME": "radius", "TYPE": "float", "DEFAULT": 0.06, "MIN": 0.005, "MAX": 0.2, "UNIT": "canvas heights",
          "LABEL": "how far the light spills" }
    ],
    "PASSES": [
        { "TARGET": "bright", "WIDTH": "ceil($WIDTH/2)", "HEIGHT": "ceil($HEIGHT/2)", "FLOAT": true },
        { "TARGET": "small", "WIDTH": "ceil($WIDTH/4)", "HEIGHT": "ceil($HEIGHT/4)", "FLOAT": true },
        { "TARGET": "across", "WIDTH": "ceil($WIDTH/4)", "HEIGHT": "ceil($HEIGHT/4)", "FLOAT": true },
        { "TARGET": "halo", "WIDTH": "ceil($WIDTH/4)", "HEIGHT": "ceil($HEIGHT/4)", "FLOAT": true },
        {}
    ]
}*/

#include "lib/blur.glsl"
#include "lib/light.glsl"

vec3 four(sampler2D image) {
    ivec2 place = 2 * ivec2(gl_FragCoord.xy), last = textureSize(image, 0) - 1;
    return 0.25 * (texelFetch(image, min(place, last), 0).rgb + texelFetch(image, min(place + ivec2(1, 0), last), 0).rgb
        + texelFetch(image, min(place + ivec2(0, 1), last), 0).rgb + texelFetch(image, min(place + 1, last), 0).rgb);
}

// What exceeds the threshold, with a soft knee so that nothing pops on or off as light crosses it.
vec3 exceeding(vec3 screen) {
    float peak = max(screen.r, max(screen.g, screen.b));
    return to_light(screen) * smoothstep(threshold - 0.1, threshold + 0.1, peak);
}

void main() {
    if (PASSINDEX == 0) {
        gl_FragColor = vec4(exceeding(four(inputImage)), 1.0);
    } else if (PASSINDEX == 1) {
        gl_FragColor = vec4(four(bright), 1.0);
    } else if (PASSINDEX == 2) {
        gl_FragColor = vec4(gauss(small, ivec2(1, 0), 1.5 * radius * RENDERSIZE.y), 1.0);
    } else if (PASSINDEX == 3) {
        gl_FragColor = vec4(gauss(across, ivec2(0, 1), 1.5 * radius * RENDERSIZE.y), 1.0);
    } else {
        vec4 seen = HERE(inputImage);
        vec3 spill = amount * texture(halo, isf_FragNormCoord).rgb;
        // Screened, not added: it fills what the picture leaves of full light, and so never clips to flat white.
        vec3 light = to_light(seen.rgb);
        gl_FragColor = vec4(to_screen(light + spill * (1.0 - light)), seen.a);
    }
}
