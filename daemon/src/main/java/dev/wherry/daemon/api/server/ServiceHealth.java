package dev.wherry.daemon.api.server;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.quarkus.grpc.runtime.health.GrpcHealthStorage;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * What {@code grpc.health.v1.Health} says of the daemon and of each of its services. Nobody reaches the daemon before it
 * serves, so the framework's answer, SERVING, holds until the end begins.
 */
@Singleton
public final class ServiceHealth {

    private final GrpcHealthStorage storage;

    ServiceHealth(GrpcHealthStorage storage) {
        this.storage = storage;
    }

    /** The daemon takes no calls any more: says so to those who ask, and to those who watch. */
    public void ending() {
        for (String service : List.copyOf(storage.getStatuses().keySet())) {
            storage.setStatus(service, ServingStatus.NOT_SERVING);
        }
    }

    /** Whether a call asks for this, which is answered until the very end. */
    static boolean isAsked(String service) {
        return HealthGrpc.SERVICE_NAME.equals(service);
    }
}
