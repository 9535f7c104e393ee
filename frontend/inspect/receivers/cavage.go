package main

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

var (
	must      = []string{"(request-target)", "host", "date", "digest", "x-copernica-id"}
	parameter = regexp.MustCompile(`(\w+)="([^"]*)"`)
	sha       = regexp.MustCompile(`(?i)sha-256=([^,\s]+)`)
	// What stands in p= of the key's DNS record, by the key's name.
	keys = map[string]string{os.Getenv("KEY_ID"): os.Getenv("KEY_P")}
)

func verify(r *http.Request, body []byte, now time.Time) error {
	signature := map[string]string{}
	for _, found := range parameter.FindAllStringSubmatch(r.Header.Get("Signature"), -1) {
		signature[found[1]] = found[2]
	}
	names := strings.Fields(signature["headers"])
	for _, name := range must {
		if !strings.Contains(" "+signature["headers"]+" ", " "+name+" ") {
			return errors.New("the signature does not cover " + name)
		}
	}
	sum := sha256.Sum256(body)
	claimed := sha.FindStringSubmatch(r.Header.Get("Digest"))
	if claimed == nil || subtle.ConstantTimeCompare([]byte(claimed[1]), []byte(base64.StdEncoding.EncodeToString(sum[:]))) != 1 {
		return errors.New("the body is not the one that was signed")
	}
	date, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil || now.Sub(date).Abs() > time.Minute {
		return errors.New("the call is too old, or this clock is wrong")
	}
	if r.Host != os.Getenv("HOST_NAME") || r.Header.Get("X-Copernica-Id") != "environment_"+os.Getenv("ENVIRONMENT") {
		return errors.New("the call is for somebody else")
	}
	var lines []string
	for _, name := range names {
		value := r.Header.Get(name)
		switch name {
		case "(request-target)":
			value = strings.ToLower(r.Method) + " " + r.RequestURI
		case "host":
			value = r.Host // net/http takes it out of the header
		}
		lines = append(lines, name+": "+value)
	}
	der, err := base64.StdEncoding.DecodeString(keys[signature["keyId"]])
	if err != nil {
		return err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return errors.New("the key is not known")
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return errors.New("the key is no RSA key")
	}
	given, err := base64.StdEncoding.DecodeString(signature["signature"])
	if err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return rsa.VerifyPKCS1v15(public, crypto.SHA256, hash[:], given)
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
		log.Printf("%s", body) // keep X-Nonce for two minutes, and refuse one that was seen
		w.WriteHeader(http.StatusNoContent)
	})
	server := http.Server{Addr: ":" + os.Getenv("PORT"), ReadTimeout: 15 * time.Second} // no client is waited for without end
	log.Fatal(server.ListenAndServe())
}
