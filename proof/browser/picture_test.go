package browser

import (
	"bytes"
	"flag"
	"image/png"
	"os"

	"github.com/chromedp/chromedp"
)

var write = flag.Bool("browser.write", false, "write docs/page.png")

// writePicture writes the picture in README.md.
func writePicture(b *tab) {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	decoded, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil || decoded.Width != 900 || len(picture) > 150_000 {
		b.t.Errorf("the picture is %d wide, and has %d bytes: %v", decoded.Width, len(picture), err)
	}
	if !*write {
		return
	}
	if err := os.WriteFile("../../docs/page.png", picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
