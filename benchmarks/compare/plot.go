package main

import (
	"bytes"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-3b777528/grouper/benchmarks"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// plotted reports whether the work has enough sizes for a plot.
func plotted(work benchmarks.Work) bool {
	switch work {
	case benchmarks.Parallel, benchmarks.Ordered, benchmarks.Dynamic:
		return true
	}
	return false
}

func plotFile(work benchmarks.Work, what string) string {
	return string(work) + "-" + what + ".svg"
}

func drawAll(r Results, folder string) error {
	for _, work := range benchmarks.Works {
		if !plotted(work) {
			continue
		}
		if err := r.draw(work, "time", total, duration, folder); err != nil {
			return err
		}
		if err := r.draw(work, "memory", idle, size, folder); err != nil {
			return err
		}
	}
	return nil
}

// draw plots a metric against the number of members, a line for each library.
func (r Results) draw(work benchmarks.Work, what string, of metric, format func(float64) string, folder string) error {
	p := plot.New()
	p.Title.Text = string(work) + " groups: " + what + " per member"
	p.X.Label.Text = "members"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker = decades(whole)
	p.Y.Tick.Marker = decades(format)
	p.Add(plotter.NewGrid())
	legend := plot.NewLegend()
	legend.Top = true
	for i, library := range benchmarks.Libraries {
		points := r.points(work, library.Name, of)
		if len(points) == 0 {
			continue
		}
		if err := addLine(p, &legend, library.Name, i, points); err != nil {
			return err
		}
	}
	wholeDecades(&p.X)
	wholeDecades(&p.Y)
	return save(p, legend, filepath.Join(folder, plotFile(work, what)))
}

// save draws the plot with its legend beside it.
func save(p *plot.Plot, legend plot.Legend, name string) error {
	const width, height, beside = 18 * vg.Centimeter, 10 * vg.Centimeter, 3 * vg.Centimeter
	canvas, err := draw.NewFormattedCanvas(width, height, "svg")
	if err != nil {
		return err
	}
	all := draw.New(canvas)
	all.SetColor(color.White) // also for pages that are dark
	all.Fill(all.Rectangle.Path())
	p.Draw(draw.Crop(all, 0, -beside, 0, 0))
	legend.Draw(draw.Crop(all, width-beside, -vg.Millimeter, 0, -vg.Centimeter))
	var content bytes.Buffer
	if _, err := canvas.WriteTo(&content); err != nil {
		return err
	}
	return os.WriteFile(name, content.Bytes(), 0o644)
}

func (r Results) points(work benchmarks.Work, library string, of metric) (points plotter.XYs) {
	for _, size := range benchmarks.Sizes[work] {
		if value, found := r.median(Cell{Idle, work, size, library}, of); found && value > 0 {
			points = append(points, plotter.XY{X: float64(size), Y: value})
		}
	}
	return points
}

func addLine(p *plot.Plot, legend *plot.Legend, name string, place int, points plotter.XYs) error {
	line, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	line.Dashes = plotutil.Dashes(place / len(plotutil.DefaultColors))
	line.Color, dots.Color, dots.Shape = plotutil.Color(place), plotutil.Color(place), plotutil.Shape(place)
	if place == 0 {
		line.Width = vg.Points(2.5)
	}
	p.Add(line, dots)
	legend.Add(name, line, dots)
	return nil
}

// wholeDecades widens an axis to powers of ten, of which there are two at least.
func wholeDecades(axis *plot.Axis) {
	axis.Min = math.Pow(10, math.Floor(math.Log10(axis.Min)))
	axis.Max = math.Pow(10, math.Ceil(math.Log10(max(axis.Max, 10*axis.Min))))
}

// short leaves out zeros that mean nothing.
var short = strings.NewReplacer(".00 ", " ", ".0 ", " ")

// decades marks the powers of ten.
func decades(format func(float64) string) plot.Ticker {
	return plot.TickerFunc(func(low, high float64) (ticks []plot.Tick) {
		for power := math.Round(math.Log10(low)); power <= math.Round(math.Log10(high)); power++ {
			value := math.Pow(10, power)
			ticks = append(ticks, plot.Tick{Value: value, Label: short.Replace(format(value))})
		}
		return ticks
	})
}
