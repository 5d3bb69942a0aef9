package dev.wherry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.TextFormat;
import org.junit.jupiter.api.Test;

class CommentsTest {

    @Test
    void namesWhatHasNoCommentOrOnlyItsName() throws Exception {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
        TextFormat.merge("""
                message_type {
                  name: "Box"
                  field { name: "size_bytes" number: 1 }
                  field { name: "depth" number: 2 }
                  field { name: "width" number: 3 }
                  nested_type { name: "LabelsEntry" options { map_entry: true } }
                  enum_type { name: "Kind" value { name: "KIND_UNSPECIFIED" } value { name: "KIND_WOOD" number: 1 } }
                }
                service { name: "BoxService" method { name: "Open" } }
                source_code_info {
                  location { path: [4, 0] leading_comments: " Something to put things in." }
                  location { path: [4, 0, 2, 0] leading_comments: " Size, bytes." }
                  location { path: [4, 0, 2, 1] trailing_comments: " From the front, in millimetres." }
                }
                """, file);

        assertThat(Comments.missing(file.build()))
                .containsExactly(
                        "BoxService",
                        "BoxService.Open",
                        "Box.size_bytes",
                        "Box.width",
                        "Box.Kind",
                        "Box.Kind.KIND_WOOD");
    }
}
