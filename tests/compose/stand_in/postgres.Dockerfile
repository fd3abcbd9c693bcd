# postgres:…-alpine as far as docker-compose.yml uses it: user 70, a cluster made at the first start, SIGINT to stop
FROM debian-here
RUN rm -rf /var/lib/postgresql /etc/postgresql && \
    echo 'postgres-here:x:70:70::/var/lib/postgresql:/bin/sh' >> /etc/passwd && \
    install -d -o 70 -g 70 -m 1777 /var/lib/postgresql /var/lib/postgresql/data
ENV PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
COPY postgres-entrypoint.sh /usr/local/bin/
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "/usr/local/bin/postgres-entrypoint.sh"]
CMD ["postgres"]
