/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Pins the picture's corners to four places of the canvas, so that a projector that stands askew fits the wall. Black outside.",
    "CATEGORIES": ["Geometry"],
    "INPUTS": [
        { "NAME": "inputImage", "TYPE": "image" },
        { "NAME": "bottom_left", "TYPE": "point2D", "DEFAULT": [0.0, 0.0], "MIN": [-1.0, -1.0], "MAX": [2.0, 2.0],
          "LABEL": "where the picture's lower left corner goes; 0 0 is the canvas's own" },
        { "NAME": "bottom_right", "TYPE": "point2D", "DEFAULT": [1.0, 0.0], "MIN": [-1.0, -1.0], "MAX": [2.0, 2.0],
          "LABEL": "where the picture's lower right corner goes; 1 0 is the canvas's own" },
        { "NAME": "top_left", "TYPE": "point2D", "DEFAULT": [0.0, 1.0], "MIN": [-1.0, -1.0], "MAX": [2.0, 2.0],
          "LABEL": "where the picture's upper left corner goes; 0 1 is the canvas's own" },
        { "NAME": "top_right", "TYPE": "point2D", "DEFAULT": [1.0, 1.0], "MIN": [-1.0, -1.0], "MAX": [2.0, 2.0],
          "LABEL": "where the picture's upper right corner goes; 1 1 is the canvas's own" }
    ]
}*/

// Unit square to quadrilateral, after Heckbert, "Fundamentals of Texture Mapping and Image Warping", 1989; its adjugate
// (the inverse, but for a factor that the projection divides out) leads from a place on the canvas to the picture.

float cross2(vec2 a, vec2 b) { return a.x * b.y - a.y * b.x; }

mat3 to_quad(vec2 p00, vec2 p10, vec2 p01, vec2 p11) {
    vec2 right = p10 - p11, up = p01 - p11, skew = p00 - p10 + p11 - p01;
    float area = cross2(right, up);
    float g = cross2(skew, up) / area, h = cross2(right, skew) / area;
    return mat3(vec3(p10 - p00 + g * p10, g), vec3(p01 - p00 + h * p01, h), vec3(p00, 1.0));
}

void main() {
    mat3 m = to_quad(bottom_left, bottom_right, top_left, top_right);
    mat3 back = transpose(mat3(cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])));
    vec3 found = back * vec3(isf_FragNormCoord, 1.0);
    // Against the determinant's sign lies what is behind the viewer.
    float front = found.z * dot(m[0], cross(m[1], m[2]));
    vec2 place = found.xy / found.z;

    // An edge on the canvas's own grid is sharp; any other is smooth over one pixel.
    vec2 pixel = sqrt(dFdx(place) * dFdx(place) + dFdy(place) * dFdy(place));
    vec2 inside = clamp(min(place, 1.0 - place) / pixel + 0.5, 0.0, 1.0);
    // Corners in one line leave no picture: then nothing compares, and the answer is black.
    float cover = front > 0.0 ? inside.x * inside.y : 0.0;
    vec4 seen = texture(inputImage, place);
    gl_FragColor = cover > 0.0 ? vec4(seen.rgb * cover * seen.a, 1.0) : vec4(0.0, 0.0, 0.0, 1.0);
}
