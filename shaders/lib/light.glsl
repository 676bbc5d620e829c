// Screen values and light. What is mixed, blurred or added must be light; what is shown and stored is sRGB-coded.
// sqrt(light) = 0.84 x + 0.16 x^2 stays within 3 levels of the true sRGB curve where two pictures are mixed, turns back
// exactly, and costs two square roots where pow() would take a third of a software frame.

vec3 to_light(vec3 screen) {
    vec3 root = screen * (0.84 + 0.16 * screen);
    return root * root;
}

vec3 to_screen(vec3 light) {
    return (sqrt(0.7056 + 0.64 * sqrt(max(light, 0.0))) - 0.84) / 0.32;
}

float luma(vec3 light) { return dot(light, vec3(0.2126, 0.7152, 0.0722)); }

// The pixel of a canvas-sized image under this one. Between pixels of one grid there is nothing to interpolate, and
// software GL fetches four times as fast as it filters.
#define HERE(image) texelFetch(image, ivec2(gl_FragCoord.xy), 0)
