package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	redisAddress = "redis:6379"
	redisTimeout = 3 * time.Second
	longestValue = 64 << 20
)

// redisCommand sends one command in Redis' protocol and returns a bulk string; found is false for the null reply.
func redisCommand(parts ...string) (value string, found bool, err error) {
	connection, err := net.DialTimeout("tcp", redisAddress, redisTimeout)
	if err != nil {
		return "", false, err
	}
	defer connection.Close()
	if err = connection.SetDeadline(time.Now().Add(redisTimeout)); err != nil {
		return "", false, err
	}
	var command strings.Builder
	fmt.Fprintf(&command, "*%d\r\n", len(parts))
	for _, part := range parts {
		fmt.Fprintf(&command, "$%d\r\n%s\r\n", len(part), part)
	}
	if _, err = io.WriteString(connection, command.String()); err != nil {
		return "", false, err
	}
	return reply(bufio.NewReader(connection))
}

func reply(reader *bufio.Reader) (string, bool, error) {
	line, err := reader.ReadString('\n')
	if err != nil {
		return "", false, err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", false, errors.New("redis sent an empty line")
	}
	rest := line[1:]
	switch line[0] {
	case '+', ':':
		return rest, true, nil
	case '-':
		return "", false, errors.New("redis answered: " + rest)
	case '$':
		length, err := strconv.Atoi(rest)
		if err != nil || length > longestValue {
			return "", false, errors.New("redis sent a length that cannot be: " + rest)
		}
		if length < 0 {
			return "", false, nil
		}
		value := make([]byte, length)
		_, err = io.ReadFull(reader, value)
		return string(value), err == nil, err
	}
	return "", false, errors.New("redis sent a line that is not its protocol")
}
