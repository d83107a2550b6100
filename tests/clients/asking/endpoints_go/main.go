// The Go client of the management API: an endpoint's life, and a refusal.
//
// It reads no variable of the environment, so that its caller hands over what `env` has set.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	endpoints "github.com/issamemari/huggingface-endpoints-client-go"
)

const name = "from-go"

func report(feature string, err error) {
	told := map[string]string{"feature": feature, "verdict": "works", "text": ""}
	if err != nil {
		told["verdict"], told["text"] = "wrong", err.Error()
		var refusal *endpoints.HTTPError
		if errors.As(err, &refusal) {
			told["verdict"] = fmt.Sprintf("refused %d", refusal.StatusCode)
		}
	}
	line, _ := json.Marshal(told)
	fmt.Println(string(line))
}

func create(client *endpoints.Client) error {
	requests, task := 1.5, "text-generation"
	made, err := client.CreateEndpoint(endpoints.CreateEndpointRequest{
		Name:     name,
		Type:     "protected",
		Provider: endpoints.Provider{Vendor: "aws", Region: "us-east-1"},
		Compute: endpoints.Compute{
			Accelerator:  "gpu",
			InstanceType: "nvidia-l4",
			InstanceSize: "x1",
			Scaling: endpoints.Scaling{
				MaxReplica: 1,
				Measure:    &endpoints.Measure{PendingRequests: &requests},
			},
		},
		Model: endpoints.Model{
			Framework:  "pytorch",
			Repository: "Qwen/Qwen3-1.7B",
			Task:       &task,
			Env:        map[string]string{"MAX_TOTAL_TOKENS": "512"},
			Image: endpoints.Image{
				Tgi: &endpoints.Tgi{URL: "ghcr.io/huggingface/text-generation-inference:3.3.7"},
			},
		},
	})
	if err == nil && (made.Name != name || made.Status.State != "pending" || made.Type != "private") {
		err = fmt.Errorf("made %+v", made)
	}
	return err
}

func update(client *endpoints.Client) error {
	changed, err := client.UpdateEndpoint(name, endpoints.UpdateEndpointRequest{
		Compute: &endpoints.Compute{
			Accelerator:  "gpu",
			InstanceType: "nvidia-l4",
			InstanceSize: "x1",
			Scaling:      endpoints.Scaling{MaxReplica: 2},
		},
	})
	if err == nil && changed.Compute.Scaling.MaxReplica != 2 {
		err = fmt.Errorf("changed %+v", changed)
	}
	return err
}

func find(client *endpoints.Client) error {
	got, err := client.GetEndpoint(name)
	if err != nil {
		return err
	}
	listed, err := client.ListEndpoints()
	if err != nil {
		return err
	}
	for _, each := range listed {
		if each.Name == got.Name && each.Status.CreatedBy.Name != "" {
			return nil
		}
	}
	return fmt.Errorf("not among %d endpoints", len(listed))
}

func unknown(client *endpoints.Client) error {
	_, err := client.GetEndpoint("nowhere")
	var refusal *endpoints.HTTPError
	if errors.As(err, &refusal) && refusal.StatusCode == 404 {
		return nil
	}
	return fmt.Errorf("no 404, but %v", err)
}

func main() {
	host, token, namespace := os.Getenv("HF_ENDPOINT")+"/v2/endpoint", os.Getenv("HF_TOKEN"), "local-user"
	client, err := endpoints.NewClient(&host, &namespace, &token)
	if err != nil {
		panic(err)
	}
	report("create", create(client))
	report("get, list", find(client))
	report("update", update(client))
	report("404", unknown(client))
	report("delete", client.DeleteEndpoint(name))
}
