// Send one number assignment request, signed in as whoever runs this. Needs: azure-identity, azure-storage-queue
import com.azure.core.util.Context;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.queue.QueueClientBuilder;
import java.time.Duration;

public class Send {
    public static void main(String[] args) {
        var request = """
            {"requestId": "hire-2026-00417", "telephoneNumber": "+1 206 555 0100", "numberType": "callingPlan",
             "assignmentTargetId": "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21", "context": {"employeeId": "00417"}}""";
        var queue = new QueueClientBuilder().endpoint(System.getenv("QUEUE_ENDPOINT")).queueName("number-requests")
            .credential(new DefaultAzureCredentialBuilder().build()).buildClient();
        queue.sendMessageWithResponse(request, null, Duration.ofSeconds(-1), null, Context.NONE);
    }
}
