module asking

go 1.22

require github.com/issamemari/huggingface-endpoints-client-go v1.9.0
