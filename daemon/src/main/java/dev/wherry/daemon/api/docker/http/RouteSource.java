package dev.wherry.daemon.api.docker.http;

/** Knows some of the routes. */
public interface RouteSource {

    void addTo(Routes routes);
}
