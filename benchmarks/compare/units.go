package main

import (
	"fmt"
	"math"
	"strconv"
)

// significant formats a number with two or three significant digits.
func significant(v float64) string {
	switch {
	case math.Abs(v) >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case math.Abs(v) >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}

func scaled(v, step float64, units ...string) string {
	for i, unit := range units {
		if math.Abs(v) < step || i == len(units)-1 {
			return significant(v) + " " + unit
		}
		v /= step
	}
	return ""
}

func duration(ns float64) string { return scaled(ns, 1000, "ns", "µs", "ms", "s") }
func size(bytes float64) string  { return scaled(bytes, 1000, "B", "kB", "MB", "GB") }
func times(ratio float64) string { return significant(ratio) + "x" }
func count(v float64) string     { return significant(v) }
func whole(v float64) string     { return grouped(int(math.Round(v))) }

// grouped writes thousands with commas.
func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return grouped(n/1000) + fmt.Sprintf(",%03d", n%1000)
}
