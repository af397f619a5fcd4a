//! Objects as files, by `s3s-fs`, which does not list the uploads in parts that are not finished.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput,
    DeleteObjectsOutput, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output, MultipartUpload, PutObjectInput,
    PutObjectOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result};
use s3s_fs::FileSystem;

/// Uploads that are not finished: keys and times, by identifier.
pub(crate) type Uploads = Arc<Mutex<BTreeMap<String, (String, SystemTime)>>>;

/// Objects of all buckets.
pub(crate) struct Objects {
    files: FileSystem,
    uploads: Uploads,
}

impl Objects {
    pub(crate) fn new(files: FileSystem, uploads: Uploads) -> Self {
        Self { files, uploads }
    }
}

#[async_trait::async_trait]
impl S3 for Objects {
    async fn get_object(&self, call: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        self.files.get_object(call).await
    }

    async fn head_object(&self, call: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        self.files.head_object(call).await
    }

    async fn put_object(&self, call: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        self.files.put_object(call).await
    }

    async fn delete_object(&self, call: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.files.delete_object(call).await
    }

    async fn delete_objects(&self, call: S3Request<DeleteObjectsInput>) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.files.delete_objects(call).await
    }

    async fn list_objects_v2(&self, call: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.files.list_objects_v2(call).await
    }

    async fn upload_part(&self, call: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        self.files.upload_part(call).await
    }

    async fn create_multipart_upload(
        &self,
        call: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let key = call.input.key.clone();
        let answer = self.files.create_multipart_upload(call).await?;
        let id = answer.output.upload_id.clone().unwrap_or_default();
        #[expect(clippy::disallowed_methods, reason = "a store tells the time by its own clock")]
        self.uploads.lock().unwrap().insert(id, (key, SystemTime::now()));
        Ok(answer)
    }

    async fn complete_multipart_upload(
        &self,
        call: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let id = call.input.upload_id.clone();
        let answer = self.files.complete_multipart_upload(call).await?;
        self.uploads.lock().unwrap().remove(&id);
        Ok(answer)
    }

    async fn abort_multipart_upload(
        &self,
        call: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let id = call.input.upload_id.clone();
        let answer = self.files.abort_multipart_upload(call).await?;
        self.uploads.lock().unwrap().remove(&id);
        Ok(answer)
    }

    async fn list_multipart_uploads(
        &self,
        call: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let prefix = call.input.prefix.unwrap_or_default();
        let uploads = self.uploads.lock().unwrap();
        let ours = uploads.iter().filter(|(_, (key, _))| key.starts_with(&prefix));
        let listed = ours.map(|(id, (key, begun))| MultipartUpload {
            key: Some(key.clone()),
            upload_id: Some(id.clone()),
            initiated: Some((*begun).into()),
            ..MultipartUpload::default()
        });
        Ok(S3Response::new(ListMultipartUploadsOutput {
            bucket: Some(call.input.bucket),
            uploads: Some(listed.collect()),
            is_truncated: Some(false),
            ..ListMultipartUploadsOutput::default()
        }))
    }
}
