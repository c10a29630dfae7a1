package health

import (
	"mime"
	"strconv"
	"strings"
)

// preferred returns the media type on offer that the Accept headers name with
// the highest quality, the first of equals, or an empty text if they name none.
// Wildcards do not count.
func preferred(accept []string, offers ...string) string {
	asked := map[string]float64{}
	for item := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, quality := mediaRange(item)
		asked[name] = max(asked[name], quality)
	}
	best := ""
	for _, offer := range offers {
		if asked[offer] > asked[best] {
			best = offer
		}
	}
	return best
}

// mediaRange returns a type and its quality, or an empty type.
func mediaRange(item string) (string, float64) {
	name, parameters, err := mime.ParseMediaType(item)
	if err != nil {
		return "", 0
	}
	q, given := parameters["q"]
	if !given {
		return name, 1
	}
	quality, err := strconv.ParseFloat(q, 64)
	if err != nil || !(quality <= 1) {
		return "", 0
	}
	return name, quality
}
