package dev.wherry.cli.app;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.image.ImageName;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.ContainerSummary;
import dev.wherry.v1.ImageSummary;
import dev.wherry.v1.ListContainersRequest;
import dev.wherry.v1.ListImagesRequest;
import dev.wherry.v1.ListNetworksRequest;
import dev.wherry.v1.ListPodsRequest;
import dev.wherry.v1.ListVolumesRequest;
import dev.wherry.v1.NetworkSummary;
import dev.wherry.v1.PodSummary;
import io.grpc.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The names of what the daemon holds. Where it does not answer within {@link #LIMIT_MILLIS} there are none, and no word
 * is said of it: who completes a word does not read errors.
 */
public final class LiveNames {
    private static final long LIMIT_MILLIS = 300;

    /** Digits of an ID that are shown when no more are typed. */
    private static final int SHORT = 12;

    private final Session session;
    private final Deadline deadline = Deadline.after(LIMIT_MILLIS, TimeUnit.MILLISECONDS);

    public LiveNames(Session session) {
        this.session = session;
    }

    /** Containers in the states wanted: by name, or by ID when {@code typed} begins no name but an ID. */
    public List<Candidate> containers(String typed, Predicate<String> states) {
        try {
            List<ContainerSummary> containers = session
                    .daemon()
                    .containers()
                    .withDeadline(deadline)
                    .list(ListContainersRequest.newBuilder().setAll(true).build())
                    .getContainersList()
                    .stream()
                    .filter(container -> states.test(container.getState()))
                    .toList();
            boolean byName = typed.isEmpty()
                    || containers.stream()
                            .anyMatch(container -> container.getName().startsWith(typed));
            return containers.stream()
                    .map(container -> new Candidate(
                            byName ? container.getName() : id(container.getId(), typed),
                            container.getImage() + ", " + container.getState()))
                    .toList();
        } catch (RuntimeException unanswered) {
            return List.of();
        }
    }

    /** Images: by every name they have, or by ID when they have none, or when {@code typed} begins no name but an ID. */
    public List<Candidate> images(String typed) {
        try {
            List<ImageSummary> images = session.daemon()
                    .images()
                    .withDeadline(deadline)
                    .list(ListImagesRequest.getDefaultInstance())
                    .getImagesList();
            Instant now = Instant.now();
            List<Candidate> names = new ArrayList<>();
            List<Candidate> ids = new ArrayList<>();
            for (ImageSummary image : images) {
                String about = Units.size(image.getSizeBytes())
                        + (image.getCreatedNanos() == 0 ? "" : ", " + Units.ago(image.getCreatedNanos(), now));
                for (String reference : image.getReferencesList()) {
                    names.add(new Candidate(
                            ImageName.familiar(reference), TerminalText.shortId(image.getId()) + ", " + about));
                }
                ids.add(new Candidate(id(image.getId(), typed), about));
                if (image.getReferencesCount() == 0) {
                    names.add(ids.getLast());
                }
            }
            return names.stream().anyMatch(name -> name.continues(typed)) ? names : ids;
        } catch (RuntimeException unanswered) {
            return List.of();
        }
    }

    /** Volumes by name. */
    public List<Candidate> volumes() {
        try {
            return session
                    .daemon()
                    .volumes()
                    .withDeadline(deadline)
                    .list(ListVolumesRequest.getDefaultInstance())
                    .getVolumesList()
                    .stream()
                    .map(volume -> new Candidate(volume.getName(), volume.getDriver()))
                    .toList();
        } catch (RuntimeException unanswered) {
            return List.of();
        }
    }

    /** Networks: by name, or by ID when {@code typed} begins no name but an ID. */
    public List<Candidate> networks(String typed) {
        try {
            List<NetworkSummary> networks = session.daemon()
                    .networks()
                    .withDeadline(deadline)
                    .list(ListNetworksRequest.getDefaultInstance())
                    .getNetworksList();
            boolean byName = typed.isEmpty()
                    || networks.stream().anyMatch(network -> network.getName().startsWith(typed));
            return networks.stream()
                    .map(network ->
                            new Candidate(byName ? network.getName() : id(network.getId(), typed), network.getDriver()))
                    .toList();
        } catch (RuntimeException unanswered) {
            return List.of();
        }
    }

    /** Pods: by namespace and name, or by ID when {@code typed} begins no name but an ID. */
    public List<Candidate> pods(String typed) {
        try {
            List<PodSummary> pods = session.daemon()
                    .pods()
                    .withDeadline(deadline)
                    .list(ListPodsRequest.getDefaultInstance())
                    .getPodsList();
            boolean byName =
                    typed.isEmpty() || pods.stream().anyMatch(pod -> name(pod).startsWith(typed));
            return pods.stream()
                    .map(pod -> new Candidate(byName ? name(pod) : id(pod.getId(), typed), pod.getState()))
                    .toList();
        } catch (RuntimeException unanswered) {
            return List.of();
        }
    }

    private static String name(PodSummary pod) {
        return pod.getNamespace() + "/" + pod.getName();
    }

    private static String id(String id, String typed) {
        return typed.length() <= SHORT ? TerminalText.shortId(id) : id.substring(id.indexOf(':') + 1);
    }
}
