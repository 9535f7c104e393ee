package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func verify(r *http.Request, body []byte, now time.Time) error {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("SECRET"), "whsec_"))
	if err != nil {
		return err
	}
	timestamp := r.Header.Get("Webhook-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return errors.New("the call is too old, or this clock is wrong")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(r.Header.Get("Webhook-Id") + "." + timestamp + "."))
	mac.Write(body)
	wanted := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	for _, each := range strings.Fields(r.Header.Get("Webhook-Signature")) {
		if hmac.Equal([]byte(each), wanted) {
			return nil
		}
	}
	return errors.New("the signature is not that of this call")
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10<<20))
		if err == nil {
			err = verify(r, body, time.Now())
		}
		if err != nil {
			log.Print("refused: ", err)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		log.Printf("%s", body) // keep Webhook-Id for ten minutes, and pass over one that was seen
		w.WriteHeader(http.StatusNoContent)
	})
	server := http.Server{Addr: ":" + os.Getenv("PORT"), ReadTimeout: 15 * time.Second} // no client is waited for without end
	log.Fatal(server.ListenAndServe())
}
