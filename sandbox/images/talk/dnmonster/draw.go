package main

import (
	"crypto/sha256"
	"image"
	"image/color"
	"math"
)

// samples per pixel and axis: the edges get smooth by averaging.
const samples = 4

type rgb struct{ r, g, b float64 }

var (
	white = rgb{1, 1, 1}
	ink   = rgb{0.13, 0.12, 0.18}
	mouth = rgb{0.45, 0.1, 0.18}
)

// monster holds the traits that the name decides; lengths are in a square of 2 by 2 with the centre at 0, 0.
type monster struct {
	ground, body, belly, dark rgb
	eyes, horns, arms, teeth  int
	width, height, squareness float64
	eyeSize, gaze, smile      float64
	spots                     bool
}

func newMonster(name string) monster {
	sum := sha256.Sum256([]byte(name))
	trait := func(i int) float64 { return float64(sum[i]) / 255 }
	hue := trait(0)
	return monster{
		ground: hsv(hue+0.45, 0.16, 0.98), body: hsv(hue, 0.58+0.2*trait(1), 0.86),
		belly: hsv(hue+0.03, 0.28, 0.97), dark: hsv(hue, 0.75, 0.58),
		eyes: 1 + int(sum[2])%3, horns: int(sum[3]) % 4, arms: int(sum[4]) % 3, teeth: int(sum[5]) % 4,
		width: 0.50 + 0.14*trait(6), height: 0.56 + 0.14*trait(7), squareness: 2 + 1.6*trait(8),
		eyeSize: 0.15 + 0.06*trait(9), gaze: trait(10) - 0.5, smile: 0.2 + 0.14*trait(11),
		spots: sum[12]%2 == 0,
	}
}

func draw(name string, size int) image.Image {
	m := newMonster(name)
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := 0; y < size; y++ {
		for x := 0; x < size; x++ {
			var sum rgb
			for s := 0; s < samples*samples; s++ {
				px := float64(x) + (float64(s%samples)+0.5)/samples
				py := float64(y) + (float64(s/samples)+0.5)/samples
				c := m.at(2*px/float64(size)-1, 2*py/float64(size)-1)
				sum.r, sum.g, sum.b = sum.r+c.r, sum.g+c.g, sum.b+c.b
			}
			picture.SetNRGBA(x, y, color.NRGBA{channel(sum.r), channel(sum.g), channel(sum.b), 255})
		}
	}
	return picture
}

// at gives the colour of one point, the foremost part first; y grows downwards.
func (m monster) at(x, y float64) rgb {
	side := math.Abs(x)
	if c, ok := m.face(x, y); ok {
		return c
	}
	const middle = 0.08
	body := math.Pow(side/m.width, m.squareness) + math.Pow(math.Abs(y-middle)/m.height, m.squareness)
	switch {
	case body < 1 && ellipse(x, y-0.42, m.width*0.55, 0.26) < 1:
		return m.belly
	case body < 1 && m.spots && y < -0.18 && (ellipse(x+0.3, y+0.28, 0.07, 0.07) < 1 || ellipse(x-0.26, y+0.36, 0.05, 0.05) < 1):
		return m.dark
	case body < 1:
		return m.body
	case ellipse(side-m.width*0.5, y-0.76, 0.17, 0.11) < 1: // feet
		return m.dark
	case m.arms > 0 && ellipse(side-m.width-0.08, y-0.2+0.12*float64(m.arms), 0.19, 0.09) < 1:
		return m.body
	case m.horns == 1 && ellipse(x, y+0.66, 0.035, 0.2) < 1, m.horns == 1 && ellipse(x, y+0.84, 0.08, 0.08) < 1:
		return m.dark
	case m.horns == 2 && side > 0.14 && side < 0.40 && y > -0.86+1.6*math.Abs(side-0.30) && y < 0:
		return m.dark
	case m.horns == 3 && ellipse(side-m.width*0.72, y+0.48, 0.17, 0.2) < 1: // ears
		return m.body
	case ellipse(x, y-0.86, 0.6, 0.06) < 1: // shadow
		return rgb{m.ground.r * 0.88, m.ground.g * 0.88, m.ground.b * 0.88}
	}
	return m.ground
}

func (m monster) face(x, y float64) (rgb, bool) {
	const eyeLine = -0.17
	for eye := 0; eye < m.eyes; eye++ {
		centre := (float64(eye) - float64(m.eyes-1)/2) * m.eyeSize * 2.05
		radius := m.eyeSize
		if m.eyes == 1 {
			radius *= 1.35
		}
		dx, dy := x-centre, y-eyeLine
		pupil := ellipse(dx-m.gaze*radius*0.7, dy-0.02, radius*0.5, radius*0.5)
		switch {
		case ellipse(dx-m.gaze*radius*0.7+radius*0.18, dy+radius*0.18, radius*0.15, radius*0.15) < 1:
			return white, true
		case pupil < 1:
			return ink, true
		case ellipse(dx, dy, radius, radius) < 1:
			return white, true
		case ellipse(dx, dy, radius+0.025, radius+0.025) < 1:
			return m.dark, true
		}
	}
	const lip = 0.14
	if y > lip && ellipse(x, y-lip, m.smile, m.smile*0.75) < 1 {
		for tooth := 0; tooth < m.teeth; tooth++ {
			centre := (float64(tooth) - float64(m.teeth-1)/2) * 0.13
			if math.Abs(x-centre) < 0.05 && y < lip+0.075 {
				return white, true
			}
		}
		return mouth, true
	}
	return rgb{}, false
}

// ellipse is below 1 inside the ellipse with these radii around 0, 0.
func ellipse(x, y, rx, ry float64) float64 {
	return (x/rx)*(x/rx) + (y/ry)*(y/ry)
}

func channel(sum float64) uint8 {
	return uint8(math.Round(255 * math.Min(1, sum/(samples*samples))))
}

func hsv(hue, saturation, value float64) rgb {
	part := func(offset float64) float64 {
		k := math.Mod(offset+(hue-math.Floor(hue))*6, 6)
		return value - value*saturation*math.Max(0, math.Min(math.Min(k, 4-k), 1))
	}
	return rgb{part(5), part(3), part(1)}
}
