package health

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// printable returns a name or a path as it is, or quoted if it would break its
// line or is partly invisible.
func printable(name string) string {
	if name == "" || !isPlain(name) {
		return strconv.Quote(name)
	}
	return name
}

// isPlain reports whether every character of a text is visible where it stands.
// Line breaks are not, nor are characters that change the direction of writing.
func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// lines returns a text of any number of lines, with its invisible characters
// escaped.
func lines(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\t", "    "), "\n")
	for i, line := range lines {
		if !isPlain(line) {
			quoted := strconv.Quote(line)
			lines[i] = strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
		}
	}
	return strings.Join(lines, "\n")
}

// textOf returns the text of an error or a signal, whatever its methods do.
// Some of those that panic cannot be printed either.
func textOf(value any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T without a text", value)
		}
	}()
	return fmt.Sprint(value)
}

// clip returns the beginning of a text that is too long to be read.
func clip(text string) string {
	const most = 2000
	if len(text) <= most {
		return text
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s… and %d bytes more", text[:end], len(text)-end)
}

// age returns a duration with as many digits as people read.
func age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(time.Second).String()
	case d < 2*day:
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	hours := d.Round(time.Hour)
	return fmt.Sprintf("%dd%dh", hours/day, hours%day/time.Hour)
}

// count returns a number with separators: 99,900.
func count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
