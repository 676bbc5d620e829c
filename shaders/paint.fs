/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Repaints a soft picture with strokes that follow its forms: flat touches, firm edges, bristles, a little canvas. Hides how few pixels a network made.",
    "CATEGORIES": ["Stylize"],
    "INPUTS": [
        { "NAME": "inputImage", "TYPE": "image" },
        { "NAME": "amount", "TYPE": "float", "DEFAULT": 1.0, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "0 is the picture as it came, 1 all painted" },
        { "NAME": "radius", "TYPE": "float", "DEFAULT": 0.012, "MIN": 0.003, "MAX": 0.03, "UNIT": "canvas heights",
          "LABEL": "size of a touch of the brush" },
        { "NAME": "strokes", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "how far the bristles show, in the relief and in ragged edges" },
        { "NAME": "canvas", "TYPE": "float", "DEFAULT": 0.25, "MIN": 0.0, "MAX": 1.0,
          "LABEL": "weave of the cloth under the paint" }
    ],
    "PASSES": [
        { "TARGET": "across", "WIDTH": "ceil($WIDTH/2)", "HEIGHT": "ceil($HEIGHT/2)", "FLOAT": true },
        { "TARGET": "moments", "WIDTH": "ceil($WIDTH/2)", "HEIGHT": "ceil($HEIGHT/2)", "FLOAT": true },
        { "TARGET": "tensor", "WIDTH": "ceil($WIDTH/4)", "HEIGHT": "ceil($HEIGHT/4)", "FLOAT": true },
        { "TARGET": "flow", "WIDTH": "ceil($WIDTH/4)", "HEIGHT": "ceil($HEIGHT/4)", "FLOAT": true },
        { "TARGET": "bristles", "WIDTH": "ceil($WIDTH/4)", "HEIGHT": "ceil($HEIGHT/4)", "FLOAT": true },
        { "TARGET": "painted", "WIDTH": "ceil($WIDTH/2)", "HEIGHT": "ceil($HEIGHT/2)", "FLOAT": true },
        {}
    ]
}*/

// Anisotropic Kuwahara filter (Kyprianidis, Kang, Doellner, "Image and Video Abstraction by Anisotropic Kuwahara
// Filtering", 2009): a pixel takes the mean of those windows around it that vary least, so flat stays flat and an edge
// becomes firm. Here the windows are eight Gaussian ones, of one blurred picture of means and squares, and all of it is
// done at half size: ten fetches a pixel where the textbook takes hundreds. Values stay screen-coded, as a window is
// chosen by how even it looks.

#include "lib/light.glsl"

const int TAPS = 4;

vec4 fetch(sampler2D image, ivec2 place) {
    return texelFetch(image, clamp(place, ivec2(0), textureSize(image, 0) - 1), 0);
}

// Taps take turns on the four pixels that one here stands for.
vec4 moment(ivec2 place, int turn) {
    vec3 seen = fetch(inputImage, 2 * place + (turn & 1)).rgb;
    float tone = luma(seen);
    return vec4(seen, tone * tone);
}

// The reach grows with the radius, the weights stay: the compiler knows them. Taps of a small radius fall together.
vec4 gauss(ivec2 along) {
    ivec2 here = ivec2(gl_FragCoord.xy);
    float stride = 0.22 * radius * RENDERSIZE.y;
    vec4 sum = vec4(0.0);
    float weights = 0.0;
    for (int i = -TAPS; i <= TAPS; i++) {
        float weight = exp(-0.15 * float(i * i));
        ivec2 place = here + along * int(round(float(i) * stride));
        sum += weight * (PASSINDEX == 0 ? moment(place, i) : fetch(across, place));
        weights += weight;
    }
    return sum / weights;
}

// Squares and product of the slopes: their mean over a neighbourhood has a direction even where single slopes cancel.
vec4 slopes() {
    ivec2 here = 2 * ivec2(gl_FragCoord.xy);
    float x = luma(fetch(moments, here + ivec2(2, 0)).rgb) - luma(fetch(moments, here - ivec2(2, 0)).rgb);
    float y = luma(fetch(moments, here + ivec2(0, 2)).rgb) - luma(fetch(moments, here - ivec2(0, 2)).rgb);
    return vec4(x * x, y * y, x * y, 1.0);
}

float hash(ivec2 place) {
    uint n = uint(place.x) * 1597334677u ^ uint(place.y) * 3812015801u;
    n = (n ^ (n >> 15u)) * 2654435769u;
    return float(n >> 8u) / 16777215.0;
}

// Direction along the forms, how clear it is (0..1), and the noise that bristles are made of.
vec4 direction() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    int stride = int(max(1.0, round(RENDERSIZE.y / 90.0)));
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 25; i++) {
        ivec2 off = ivec2(i % 5, i / 5) - 2;
        sum += exp(-0.3 * float(off.x * off.x + off.y * off.y)) * fetch(tensor, here + stride * off).rgb;
    }
    float difference = sum.x - sum.y;
    float root = sqrt(difference * difference + 4.0 * sum.z * sum.z) + 1e-9;
    // Twice the angle: it can be interpolated, as a direction and its opposite are the same.
    return vec4(-vec2(difference, 2.0 * sum.z) / root, root / (sum.x + sum.y + 1e-5), hash(here));
}

// Along the forms, from the doubled angle.
vec2 half_angle(vec2 doubled) {
    float c = doubled.x / (length(doubled) + 1e-6);
    return sqrt(0.5 * vec2(1.0 + c, 1.0 - c)) * vec2(1.0, doubled.y < 0.0 ? -1.0 : 1.0);
}

// Noise drawn out along the stroke, about -0.3..0.3, and which way it pushes the paint: towards the light for a ridge,
// away from it for a groove. (The direction itself has no sign; a push that followed it would show a seam.)
vec4 bristle() {
    vec2 along = half_angle(HERE(flow).xy);
    float noise = 0.0;
    for (int i = -6; i <= 6; i++) noise += texture(flow, (gl_FragCoord.xy + along * float(i) * 1.3) / RENDERSIZE).a;
    noise = noise / 5.5 - 1.18;
    vec2 off = 0.8 * radius * vec2(-along.y, along.x) * vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);
    float slope = luma(texture(moments, isf_FragNormCoord + off).rgb - texture(moments, isf_FragNormCoord - off).rgb);
    return vec4(noise, noise * clamp(40.0 * slope, -1.0, 1.0) * vec2(-along.y, along.x), 1.0);
}

vec4 paint() {
    vec4 way = texture(flow, isf_FragNormCoord);
    vec3 ridge = texture(bristles, isf_FragNormCoord).xyz;
    vec2 along = half_angle(way.xy);
    float reach = radius * RENDERSIZE.y;
    float stretch = 1.0 + way.z;
    vec2 far = 0.8 * reach * stretch * along;
    vec2 near = 0.8 * reach / stretch * vec2(-along.y, along.x);
    vec2 middle = gl_FragCoord.xy + 8.0 * strokes * reach * ridge.yz;
    vec3 sum = vec3(0.0);
    float weights = 0.0;
    for (int i = 0; i < 8; i++) {
        vec2 off = vec2(cos(float(i) * 0.785398), sin(float(i) * 0.785398));
        vec4 seen = texture(moments, (middle + off.x * far + off.y * near) / RENDERSIZE);
        float tone = luma(seen.rgb);
        float even = 1.0 / (1.0 + 1000.0 * max(seen.a - tone * tone, 0.0));
        even *= even;
        even *= even;
        sum += even * seen.rgb;
        weights += even;
    }
    return vec4(sum / weights, ridge.x);
}

void main() {
    if (PASSINDEX == 0) {
        gl_FragColor = gauss(ivec2(1, 0));
    } else if (PASSINDEX == 1) {
        gl_FragColor = gauss(ivec2(0, 1));
    } else if (PASSINDEX == 2) {
        gl_FragColor = slopes();
    } else if (PASSINDEX == 3) {
        gl_FragColor = direction();
    } else if (PASSINDEX == 4) {
        gl_FragColor = bristle();
    } else if (PASSINDEX == 5) {
        gl_FragColor = paint();
    } else {
        vec4 seen = HERE(inputImage);
        vec4 flat_paint = texture(painted, isf_FragNormCoord);
        vec2 step = 1.5 / RENDERSIZE;
        vec4 lower = texture(painted, isf_FragNormCoord + vec2(step.x, -step.y));
        // Light falls from the upper left on ridges of paint, and on threads, 180 to the canvas's height.
        float relief = strokes * (0.5 * (flat_paint.a - lower.a) + 0.4 * luma(flat_paint.rgb - lower.rgb));
        vec2 thread = abs(fract(gl_FragCoord.xy / max(4.0, RENDERSIZE.y / 180.0)) - 0.5) * 4.0 - 1.0;
        float weave = thread.x * thread.y;
        vec3 screen = flat_paint.rgb * (1.0 + relief + 0.06 * canvas * weave);
        gl_FragColor = vec4(mix(seen.rgb, clamp(screen, 0.0, 1.0), amount), seen.a);
    }
}
