// One axis of a Gaussian, for small buffers; draw it across, then along. ``reach`` is three standard deviations, in
// pixels of the image, to each side. A wide reach spreads the taps (a small buffer is smooth enough for that), a narrow
// one lets them fall together; the weights stay, so the compiler knows them.

const int TAPS = 12;

vec3 gauss(sampler2D image, ivec2 along, float reach) {
    ivec2 here = ivec2(gl_FragCoord.xy), last = textureSize(image, 0) - 1;
    float stride = reach / float(TAPS);
    vec3 sum = vec3(0.0);
    float weights = 0.0;
    for (int i = -TAPS; i <= TAPS; i++) {
        float weight = exp(-4.5 * float(i * i) / float(TAPS * TAPS));
        sum += weight * texelFetch(image, clamp(here + along * int(round(float(i) * stride)), ivec2(0), last), 0).rgb;
        weights += weight;
    }
    return sum / weights;
}
