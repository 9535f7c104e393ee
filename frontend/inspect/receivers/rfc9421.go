package main

import (
	"crypto"
	"crypto/ed25519"
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
	"strconv"
	"strings"
	"time"
)

var (
	must = []string{"@method", "@target-uri", "content-digest", "content-type", "x-copernica-id"}
	// One signature: its label, then what "@signature-params" says of it, which is a list of names and parameters.
	input     = regexp.MustCompile(`^([a-z][\w.-]*)=(\(((?:"@?[a-z][a-z0-9-]*" ?)*)\)((?:;[a-z]+=(?:\d+|"[^"\\]*"))*))$`)
	quoted    = regexp.MustCompile(`"([^"]*)"`)
	parameter = regexp.MustCompile(`;([a-z]+)="?([^";]*)`)
	sha       = regexp.MustCompile(`(?:^|,)\s*sha-256=:([^:]*):`)
	origin    = os.Getenv("ORIGIN") // as the sender sees it: https://hooks.example.com
	// What stands in p= of the key's DNS record, by the key's name: 32 bytes are an Ed25519 key (RFC 8463), more are an RSA key.
	keys = map[string]string{os.Getenv("KEY_ID"): os.Getenv("KEY_P")}
)

func verify(r *http.Request, body []byte, now time.Time) error {
	found := input.FindStringSubmatch(r.Header.Get("Signature-Input"))
	if found == nil {
		return errors.New("Signature-Input is none that this receiver reads")
	}
	params := map[string]string{}
	for _, each := range parameter.FindAllStringSubmatch(found[4], -1) {
		params[each[1]] = each[2]
	}
	covered := map[string]bool{}
	var lines []string
	for _, each := range quoted.FindAllStringSubmatch(found[3], -1) {
		name := each[1]
		value := strings.TrimSpace(r.Header.Get(name))
		switch name {
		case "@method":
			value = r.Method
		case "@target-uri":
			value = origin + r.RequestURI
		case "host":
			value = r.Host // net/http takes it out of the header
		}
		covered[name] = true
		lines = append(lines, `"`+name+`": `+value)
	}
	for _, name := range must {
		if !covered[name] {
			return errors.New("the signature does not cover " + name)
		}
	}
	sum := sha256.Sum256(body)
	claimed := sha.FindStringSubmatch(r.Header.Get("Content-Digest"))
	if claimed == nil || subtle.ConstantTimeCompare([]byte(claimed[1]), []byte(base64.StdEncoding.EncodeToString(sum[:]))) != 1 {
		return errors.New("the body is not the one that was signed")
	}
	created, err := strconv.ParseInt(params["created"], 10, 64)
	if err != nil || now.Sub(time.Unix(created, 0)).Abs() > time.Minute {
		return errors.New("the call is too old, or this clock is wrong")
	}
	if expires, given := params["expires"]; given {
		if end, err := strconv.ParseInt(expires, 10, 64); err != nil || now.Unix() > end {
			return errors.New("the signature is not valid any more")
		}
	}
	if r.Header.Get("X-Copernica-Id") != "environment_"+os.Getenv("ENVIRONMENT") {
		return errors.New("the call is for somebody else")
	}
	signed := []byte(strings.Join(append(lines, `"@signature-params": `+found[2]), "\n"))
	given := strings.TrimSuffix(strings.TrimPrefix(r.Header.Get("Signature"), found[1]+"=:"), ":")
	signature, err := base64.StdEncoding.DecodeString(given)
	if err != nil {
		return err
	}
	key, err := base64.StdEncoding.DecodeString(keys[params["keyid"]])
	if err != nil || len(key) == 0 {
		return errors.New("the key is not known")
	}
	algorithm := params["alg"]
	if len(key) == ed25519.PublicKeySize {
		if (algorithm != "" && algorithm != "ed25519") || !ed25519.Verify(key, signed, signature) {
			return errors.New("the signature is not that of this call")
		}
		return nil
	}
	public, err := x509.ParsePKIXPublicKey(key)
	if err != nil {
		return err
	}
	rsaKey, ok := public.(*rsa.PublicKey)
	if !ok || (algorithm != "" && algorithm != "rsa-v1_5-sha256") {
		return errors.New("the key is of another kind")
	}
	hash := sha256.Sum256(signed)
	return rsa.VerifyPKCS1v15(rsaKey, crypto.SHA256, hash[:], signature)
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
		log.Printf("%s", body) // keep the nonce for two minutes, and refuse one that was seen
		w.WriteHeader(http.StatusNoContent)
	})
	server := http.Server{Addr: ":" + os.Getenv("PORT"), ReadTimeout: 15 * time.Second} // no client is waited for without end
	log.Fatal(server.ListenAndServe())
}
