package main

import (
	"fmt"
	"html"
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

const (
	width      = 880 // of the picture
	left       = 130 // of the time axis, behind the paths
	right      = width - 30
	top        = 58 // of the first lane, below the legend
	laneHeight = 26
	barHeight  = 12
)

// What a member does is its colour, what happens to it a shape. Both can be
// distinguished without colours too, and on the white ground that is drawn the
// picture is the same in light and in dark pages.
const style = `text{font:12px system-ui,sans-serif;fill:#24292f}
.axis{stroke:#d0d7de}.axis+text{fill:#57606a}
rect.starting{fill:#c8d1da}rect.ready{fill:#7cc48d}rect.stopping{fill:#f0a35e}
.mark{fill:#24292f}.looked{stroke:#cf222e;stroke-dasharray:4 3}`

// shapes of the marks, around a point at 0,0.
var shapes = map[string]string{
	"ready":  "M-5,4L0,-5L5,4Z",       // upwards
	"signal": "M-5,-4L0,5L5,-4Z",      // downwards
	"exit":   "M-2,-7L2,-7L2,7L-2,7Z", // a bar
}

type drawing struct {
	strings.Builder
	*timeline
}

// svg draws the timeline, one lane per member.
func (t *timeline) svg() string {
	d := &drawing{timeline: t}
	height := top + laneHeight*len(t.lanes) + 26
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %d" role="img">`, width, height)
	d.printf("<title>The members of a service that does not stop, from an execution trace</title>")
	d.printf("<style>%s</style>", style)
	d.printf(`<rect width="%d" height="%d" fill="#fff"/>`, width, height)
	d.legend()
	d.axis(height - 26)
	for i, lane := range t.lanes {
		d.lane(lane, top+laneHeight*i+laneHeight/2)
	}
	d.line("looked", t.looked, height-26)
	d.text(d.x(t.looked), top-6, "middle", "looked at here")
	d.printf("</svg>")
	return d.String()
}

func (d *drawing) legend() {
	x := left
	for _, state := range []string{"starting", "ready", "stopping"} {
		d.bar(state, x, x+24, 18)
		d.text(x+30, 22, "start", state)
		x += 110
	}
	for _, category := range []string{"ready", "signal", "exit"} {
		d.shape(category, category, x+8, 18)
		d.text(x+20, 22, "start", category)
		x += 80
	}
}

// axis draws a line for each round number of milliseconds.
func (d *drawing) axis(bottom int) {
	step := 100 * time.Millisecond
	for d.since(d.end)/step > 10 {
		step *= 2
	}
	for at := time.Duration(0); at <= d.since(d.end); at += step {
		time := d.start + trace.Time(at)
		d.line("axis", time, bottom)
		d.text(d.x(time), bottom+18, "middle", at.String())
	}
}

// states are what the marks lead to.
var states = map[string]string{"ready": "ready", "signal": "stopping", "exit": "exited"}

// lane draws what a member does as a bar, and what happens to it as marks.
func (d *drawing) lane(l *lane, y int) {
	d.printf(`<g class="lane" id="%s">`, html.EscapeString(l.path))
	d.text(left-10, y+4, "end", l.path)
	from, state := l.start, "starting"
	for _, mark := range l.marks {
		if next := states[mark.category]; next != "" && next != state {
			d.bar(state, d.x(from), d.x(mark.at), y)
			from, state = mark.at, next
		}
	}
	for _, mark := range l.marks {
		when := d.since(mark.at).Round(time.Millisecond)
		d.shape(mark.category, mark.message+" at "+when.String(), d.x(mark.at), y)
	}
	d.printf("</g>")
}

func (d *drawing) x(at trace.Time) int {
	return left + int(int64(right-left)*int64(d.since(at))/int64(max(d.since(d.end), 1)))
}

func (d *drawing) bar(class string, from, to, y int) {
	d.printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, from, y-barHeight/2, to-from, barHeight)
}

func (d *drawing) line(class string, at trace.Time, bottom int) {
	d.printf(`<path class="%s" d="M%d,%dV%d"/>`, class, d.x(at), top, bottom)
}

// shape draws a mark. Browsers show its title to who points at it.
func (d *drawing) shape(category, title string, x, y int) {
	if shape, ok := shapes[category]; ok {
		d.printf(`<path class="%s mark" d="%s" transform="translate(%d,%d)"><title>%s</title></path>`,
			category, shape, x, y, html.EscapeString(title))
	}
}

func (d *drawing) text(x, y int, anchor, text string) {
	d.printf(`<text x="%d" y="%d" text-anchor="%s">%s</text>`, x, y, anchor, html.EscapeString(text))
}

func (d *drawing) printf(format string, values ...any) {
	fmt.Fprintf(d, format+"\n", values...)
}
