package proof

// find returns the running member with a name, or -1 (D3, D4).
func (d dynamic) find(name byte) int {
	for i, m := range d.all {
		if m.phase == running && m.name == name {
			return i
		}
	}
	return -1
}

// listening counts the listeners.
func (d dynamic) listening() (n int) {
	for i := range maxListeners {
		if d.entrances.listening[i] || d.exits.listening[i] {
			n++
		}
	}
	return n
}

func (d dynamic) running() int { return d.count(running) }
func (d dynamic) waiting() int { return d.count(waiting) }

// inserted counts the inserts, accepted or not.
func (d dynamic) inserted() int { return maxMembers - d.count(absent) }

func (d dynamic) count(p phase) int { return count(d.all[:], p) }
