# redis:…-alpine as far as docker-compose.yml uses it: user 999:1000, who owns /data
FROM debian-here
RUN install -d -o 999 -g 1000 /data
VOLUME /data
WORKDIR /data
CMD ["redis-server"]
