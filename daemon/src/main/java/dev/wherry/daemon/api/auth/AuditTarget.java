package dev.wherry.daemon.api.auth;

import dev.wherry.v1.AnnotateManifestRequest;
import dev.wherry.v1.AttachRequest;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.CommitRequest;
import dev.wherry.v1.ConnectNetworkRequest;
import dev.wherry.v1.CopyFromRequest;
import dev.wherry.v1.CopyFromVolumeRequest;
import dev.wherry.v1.CopyImageRequest;
import dev.wherry.v1.CopyToRequest;
import dev.wherry.v1.CopyToVolumeRequest;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.CreateManifestListRequest;
import dev.wherry.v1.CreateNetworkRequest;
import dev.wherry.v1.CreateVolumeRequest;
import dev.wherry.v1.DisconnectNetworkRequest;
import dev.wherry.v1.ExecRequest;
import dev.wherry.v1.ExportRequest;
import dev.wherry.v1.GetManifestRequest;
import dev.wherry.v1.ImportRequest;
import dev.wherry.v1.KillContainerRequest;
import dev.wherry.v1.PauseContainerRequest;
import dev.wherry.v1.PortForwardRequest;
import dev.wherry.v1.PullRequest;
import dev.wherry.v1.PushManifestListRequest;
import dev.wherry.v1.PushRequest;
import dev.wherry.v1.ReadImageFileRequest;
import dev.wherry.v1.RemoveContainerRequest;
import dev.wherry.v1.RemoveImageRequest;
import dev.wherry.v1.RemoveManifestListRequest;
import dev.wherry.v1.RemoveNetworkRequest;
import dev.wherry.v1.RemoveVolumeRequest;
import dev.wherry.v1.RenameContainerRequest;
import dev.wherry.v1.RestartContainerRequest;
import dev.wherry.v1.SaveImagesRequest;
import dev.wherry.v1.StartContainerRequest;
import dev.wherry.v1.StopContainerRequest;
import dev.wherry.v1.TagRequest;
import dev.wherry.v1.UnpauseContainerRequest;
import dev.wherry.v1.UpdateContainerRequest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a call is about, by its first message: names alone, never contents, variables, secrets or logins. A protocol
 * without messages gives the names themselves.
 */
final class AuditTarget {

    private AuditTarget() {}

    /** Empty when the message names nothing. */
    static String of(Object message) {
        return switch (message) {
            case CreateContainerRequest it -> join(it.getName(), it.getImage());
            case StartContainerRequest it -> it.getContainer();
            case StopContainerRequest it -> it.getContainer();
            case KillContainerRequest it -> it.getContainer();
            case RemoveContainerRequest it -> it.getContainer();
            case RestartContainerRequest it -> it.getContainer();
            case PauseContainerRequest it -> it.getContainer();
            case UnpauseContainerRequest it -> it.getContainer();
            case RenameContainerRequest it -> join(it.getContainer(), it.getName());
            case UpdateContainerRequest it -> it.getContainer();
            case AttachRequest it -> it.getOptions().getContainer();
            case ExecRequest it -> it.getOptions().getContainer();
            case PortForwardRequest it ->
                join(
                        it.getTarget().getContainer(),
                        Integer.toUnsignedString(it.getTarget().getPort()));
            case ExportRequest it -> it.getContainer();
            case CopyFromRequest it -> join(it.getContainer(), it.getPath());
            case CopyToRequest it ->
                join(it.getTarget().getContainer(), it.getTarget().getPath());
            case CommitRequest it -> join(it.getContainer(), it.getReference());
            case BuildRequest it -> String.join(" ", it.getOptions().getTagsList());
            case PullRequest it -> it.getReference();
            case PushRequest it -> it.getReference();
            case CopyImageRequest it -> join(it.getSource(), it.getTarget());
            case ImportRequest it -> it.getOptions().getReference();
            case TagRequest it -> join(it.getSource(), it.getTarget());
            case RemoveImageRequest it -> it.getImage();
            case SaveImagesRequest it -> String.join(" ", it.getImagesList());
            case ReadImageFileRequest it -> join(it.getImage(), it.getPath());
            case CreateManifestListRequest it -> it.getList();
            case AnnotateManifestRequest it -> join(it.getList(), it.getManifest());
            case PushManifestListRequest it -> it.getList();
            case RemoveManifestListRequest it -> it.getList();
            case CreateNetworkRequest it -> it.getName();
            case RemoveNetworkRequest it -> it.getNetwork();
            case ConnectNetworkRequest it -> join(it.getNetwork(), it.getContainer());
            case DisconnectNetworkRequest it -> join(it.getNetwork(), it.getContainer());
            case CreateVolumeRequest it -> it.getName();
            case RemoveVolumeRequest it -> it.getName();
            case CopyFromVolumeRequest it -> join(it.getVolume(), it.getPath());
            case CopyToVolumeRequest it ->
                join(it.getTarget().getVolume(), it.getTarget().getPath());
            case GetManifestRequest it -> it.getReference();
            case String named -> named;
            default -> "";
        };
    }

    private static String join(String... names) {
        return Stream.of(names).filter(name -> !name.isEmpty()).collect(Collectors.joining(" "));
    }
}
