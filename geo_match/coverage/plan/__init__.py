"""The service plan of each community (社区服务方案): who is there, what they want, what is near."""
