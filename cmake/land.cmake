# Run as a script: makes TO out of MAP and CODES with PROGRAM, where they are there and TO is older.
if(EXISTS ${MAP} AND EXISTS ${CODES} AND (NOT EXISTS ${TO} OR ${MAP} IS_NEWER_THAN ${TO}))
  cmake_path(GET TO PARENT_PATH folder)
  file(MAKE_DIRECTORY ${folder})
  execute_process(COMMAND ${PROGRAM} operation land ${MAP} ${CODES} ${TO} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "no countries could be made of ${MAP}")
  endif()
endif()
