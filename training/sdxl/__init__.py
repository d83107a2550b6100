"""The pocket SDXL: its autoencoder, text encoders and UNet, their training, export and judge."""
