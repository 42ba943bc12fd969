-- Grain: one row a staged row that COPY refused, in the files of one try to load.
SELECT file_name, line_number, column_name, error_message
FROM sys_load_error_detail
WHERE SUBSTRING(file_name, 1, LENGTH($folder)) = $folder
ORDER BY file_name, line_number
