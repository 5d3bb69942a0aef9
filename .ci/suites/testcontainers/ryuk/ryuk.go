// Command ryuk stands in for Testcontainers' reaper: it listens to the same words on the same port, and calls the engine
// through the socket that was mounted for it. Each line of a connection is a filter, such as label=a%3Db&label=c, and is
// answered by ACK. When no connection is left, what the filters find is removed.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

var engine = &http.Client{Transport: &http.Transport{
	DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", "/var/run/docker.sock")
	},
}}

func call(method, path string, query url.Values, answer any) error {
	request, err := http.NewRequest(method, "http://engine"+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	response, err := engine.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 && response.StatusCode != http.StatusNotFound {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// reap removes what one filter finds.
func reap(filter string) error {
	values, err := url.ParseQuery(filter)
	if err != nil {
		return err
	}
	filters, _ := json.Marshal(values)
	query := url.Values{"filters": {string(filters)}, "all": {"1"}}
	force := url.Values{"force": {"1"}, "v": {"1"}}

	var found []struct{ Id string }
	if err := call("GET", "/containers/json", query, &found); err != nil {
		return err
	}
	for _, container := range found {
		if err := call("DELETE", "/containers/"+container.Id, force, nil); err != nil {
			return err
		}
	}
	if err := call("GET", "/networks", query, &found); err != nil {
		return err
	}
	for _, network := range found {
		if err := call("DELETE", "/networks/"+network.Id, nil, nil); err != nil {
			return err
		}
	}
	var volumes struct{ Volumes []struct{ Name string } }
	if err := call("GET", "/volumes", query, &volumes); err != nil {
		return err
	}
	for _, volume := range volumes.Volumes {
		if err := call("DELETE", "/volumes/"+volume.Name, force, nil); err != nil {
			return err
		}
	}
	if err := call("GET", "/images/json", query, &found); err != nil {
		return err
	}
	for _, image := range found {
		if err := call("DELETE", "/images/"+image.Id, force, nil); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if err := call("GET", "/_ping", nil, nil); err != nil {
		log.Fatal(err)
	}
	wait := 10 * time.Second
	if given, err := time.ParseDuration(os.Getenv("RYUK_RECONNECTION_TIMEOUT")); err == nil {
		wait = given
	}
	listener, err := net.Listen("tcp", ":8080")
	if err != nil {
		log.Fatal(err)
	}
	log.Print("Started")

	var lock sync.Mutex
	filters := map[string]bool{}
	connections := 0
	ended := make(chan struct{}, 1)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				log.Fatal(err)
			}
			lock.Lock()
			connections++
			lock.Unlock()
			go func() {
				lines := bufio.NewScanner(connection)
				for lines.Scan() {
					if filter := strings.TrimSpace(lines.Text()); filter != "" {
						lock.Lock()
						filters[filter] = true
						lock.Unlock()
						fmt.Fprintln(connection, "ACK")
					}
				}
				connection.Close()
				lock.Lock()
				connections--
				lock.Unlock()
				select {
				case ended <- struct{}{}:
				default:
				}
			}()
		}
	}()

	for {
		<-ended
		time.Sleep(wait)
		lock.Lock()
		over := connections == 0
		lock.Unlock()
		if over {
			break
		}
	}
	for filter := range filters {
		if err := reap(filter); err != nil {
			log.Fatal(err)
		}
	}
}
