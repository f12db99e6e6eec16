"""Where recordings arrive: received, uploaded, watched for, fetched; each lands whole or not at all."""
